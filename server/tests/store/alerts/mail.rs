//! Mail over a real connection to something that speaks SMTP.

use std::io;
use std::net::SocketAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use scouter_server::alerts::Target;
use scouter_server::http::Encryption;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use super::drifting::Drifting;
use super::looks::Watched;
use super::receiver::{dispatcher, sender, soon};
use crate::access::line::on;
use crate::access::tls::files;

const GREETING: &[u8] = b"220 mail.test ESMTP\r\n";
/// What is offered to whoever says hello: nothing, encryption, or to sign in.
const NOTHING: &[u8] = b"250 mail.test\r\n";
const TO_ENCRYPT: &[u8] = b"250-mail.test\r\n250 STARTTLS\r\n";
const TO_SIGN_IN: &[u8] = b"250-mail.test\r\n250 AUTH PLAIN\r\n";

/// When a mail server encrypts.
enum Encrypts {
    Never,
    AtOnce(TlsAcceptor),
    WhenAsked(TlsAcceptor),
}

/// A mail server that takes everything, and what it was told: the lines of each mail.
async fn mail_server(encrypts: Encrypts) -> (SocketAddr, mpsc::UnboundedReceiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (sender, mails) = mpsc::unbounded_channel();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut told = Vec::new();
            // Whoever does not like the certificate goes away.
            let _ = take(stream, &encrypts, &mut told).await;
            let _ = sender.send(told);
        }
    });
    (address, mails)
}

async fn take(mut stream: TcpStream, encrypts: &Encrypts, told: &mut Vec<String>) -> io::Result<()> {
    match encrypts {
        Encrypts::Never => {
            stream.write_all(GREETING).await?;
            speak(stream, NOTHING, told).await
        }
        Encrypts::AtOnce(tls) => {
            let mut stream = tls.accept(stream).await?;
            stream.write_all(GREETING).await?;
            speak(stream, TO_SIGN_IN, told).await
        }
        Encrypts::WhenAsked(tls) => {
            stream.write_all(GREETING).await?;
            speak(&mut stream, TO_ENCRYPT, told).await?;
            if told.last().is_some_and(|line| line == "STARTTLS") {
                speak(tls.accept(stream).await?, TO_SIGN_IN, told).await?;
            }
            Ok(())
        }
    }
}

/// Takes what is told until that is all, or is to be encrypted from then on.
async fn speak<S>(stream: S, offers: &[u8], told: &mut Vec<String>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    let (mut line, mut in_body) = (String::new(), false);
    loop {
        stream.flush().await?;
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let said = line.trim_end_matches(['\r', '\n']);
        let answer: &[u8] = match said {
            "." if in_body => {
                in_body = false;
                b"250 taken\r\n"
            }
            _ if in_body => b"",
            "DATA" => {
                in_body = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            "STARTTLS" => b"220 go on\r\n",
            _ if said.starts_with("EHLO ") => offers,
            _ if said.starts_with("AUTH ") => b"235 let in\r\n",
            _ => NOTHING,
        };
        told.push(said.to_owned());
        stream.write_all(answer).await?;
        if said == "STARTTLS" {
            return stream.flush().await;
        }
    }
}

#[tokio::test]
async fn mail_says_what_drifted_and_has_the_same_id_however_often_it_is_sent() {
    let watched = Watched::by(&[Target::Mail]).await;
    let (address, mut mails) = mail_server(Encrypts::Never).await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    let url = format!("smtp+plain://localhost:{}", address.port());
    let line = [
        "--smtp-url",
        &url,
        "--mail-from",
        "Scouter <scouter@example.com>",
        "--mail-to",
        "a@example.com,b@example.com",
    ];
    let dispatcher = dispatcher(&watched.store, &line);
    let mut ids = Vec::new();
    for _ in 0..2 {
        dispatcher.send_due().await.unwrap();
        let failure: Option<String> =
            sqlx::query_scalar("SELECT failure FROM deliveries").fetch_one(&watched.pool).await.unwrap();
        assert_eq!(failure, None);
        let mail = soon(mails.recv()).await.unwrap();
        for line in [
            "MAIL FROM:<scouter@example.com>",
            "RCPT TO:<a@example.com>",
            "RCPT TO:<b@example.com>",
            "Subject: drift in production/my_model 0.1.0 (custom): x",
            "x: PSI 0.4",
        ] {
            assert!(mail.iter().any(|told| told.starts_with(line)), "{line}: {mail:?}");
        }
        ids.extend(mail.into_iter().filter(|line| line.starts_with("Message-ID: <scouter-")));
        watched.run("UPDATE deliveries SET due = now(), ended = NULL").await;
    }
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
}

#[tokio::test]
async fn mail_without_encryption_is_not_sent_where_it_is_wanted() {
    let watched = Watched::by(&[Target::Mail]).await;
    let (address, mut mails) = mail_server(Encrypts::Never).await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    let url = format!("smtp://localhost:{}", address.port());
    let line = ["--smtp-url", &url, "--mail-from", "a@example.com", "--mail-to", "a@example.com"];
    dispatcher(&watched.store, &line).send_due().await.unwrap();
    let mail = soon(mails.recv()).await.unwrap();
    assert!(!mail.iter().any(|line| line.starts_with("MAIL FROM")), "{mail:?}");
    let failure: String =
        sqlx::query_scalar("SELECT failure FROM deliveries").fetch_one(&watched.pool).await.unwrap();
    assert!(failure.starts_with("failed to send mail: "), "{failure}");
}

/// What a server tells a mail server at `localhost` that encrypts so, and whose certificate it is told to trust: the lines of the first mail.
async fn told_by_a_server(scheme: &str, encrypts: fn(TlsAcceptor) -> Encrypts) -> Vec<String> {
    let (dir, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let files = files(dir.path());
    let tls = Encryption::open(files.clone()).unwrap().acceptor();
    let (address, mut mails) = mail_server(encrypts(tls)).await;
    let mut command = on(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.args(["--smtp-url", &format!("{scheme}://localhost:{}", address.port())]);
    command.args(["--mail-from", "a@example.com", "--mail-to", "b@example.com"]);
    command.args(["--alert-networks", "127.0.0.0/8,::1/128"]);
    command.env("SCOUTER_SMTP_USER", "ada").env("SCOUTER_SMTP_PASSWORD", "correct horse");
    command.env("SSL_CERT_FILE", &files.certificates);
    let mut server = Drifting::start(command, "mae").await;
    server.measure(3.0).await;
    let mail = soon(mails.recv()).await.unwrap();
    server.end().await;
    mail
}

/// The first words of lines, and whether the user signs in and says what drifted.
fn outline(mail: &[String]) -> (Vec<&str>, bool) {
    let words = mail.iter().map(|line| line.split(' ').next().unwrap()).collect();
    let signs_in = format!("AUTH PLAIN {}", BASE64_STANDARD.encode("\0ada\0correct horse"));
    let has = |line: &str| mail.iter().any(|told| told == line);
    (words, has(&signs_in) && has("Subject: drift in production/my_model 0.1.0 (custom): mae"))
}

#[tokio::test]
async fn mail_is_encrypted_from_the_first_byte_on_and_sent_by_who_signs_in() {
    let mail = told_by_a_server("smtps", Encrypts::AtOnce).await;
    let (words, whole) = outline(&mail);
    assert!(words.starts_with(&["EHLO", "AUTH", "MAIL"]) && whole, "{mail:?}");
}

#[tokio::test]
async fn mail_is_sent_and_somebody_signs_in_once_the_connection_is_encrypted() {
    let mail = told_by_a_server("smtp", Encrypts::WhenAsked).await;
    let (words, whole) = outline(&mail);
    assert!(words.starts_with(&["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"]) && whole, "{mail:?}");
}

#[tokio::test]
async fn a_mail_server_whose_certificate_nobody_trusts_is_told_nothing() {
    let watched = Watched::by(&[Target::Mail]).await;
    let dir = TempDir::new().unwrap();
    let tls = Encryption::open(files(dir.path())).unwrap().acceptor();
    let (address, mut mails) = mail_server(Encrypts::AtOnce(tls)).await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    let url = format!("smtps://localhost:{}", address.port());
    let line = ["--smtp-url", &url, "--mail-from", "a@example.com", "--mail-to", "a@example.com"];
    dispatcher(&watched.store, &line).send_due().await.unwrap();
    assert!(mails.try_recv().unwrap_or_default().is_empty());
    let failure: String =
        sqlx::query_scalar("SELECT failure FROM deliveries").fetch_one(&watched.pool).await.unwrap();
    assert!(failure.starts_with("failed to send mail: "), "{failure}");
}

#[tokio::test]
async fn a_mail_server_that_is_not_public_is_not_reached_unless_it_is_allowed() {
    let watched = Watched::by(&[Target::Mail]).await;
    watched.look(&[("x", Some("PSI 0.4"))]).await;
    let line =
        ["--smtp-url", "smtps://localhost", "--mail-from", "a@example.com", "--mail-to", "a@example.com"];
    let clock = std::sync::Arc::new(scouter_engine::SystemClock);
    let dispatcher = scouter_server::alerts::Dispatcher::new(watched.store.clone(), sender(&line), clock);
    dispatcher.send_due().await.unwrap();
    let failure: String =
        sqlx::query_scalar("SELECT failure FROM deliveries").fetch_one(&watched.pool).await.unwrap();
    assert!(failure.starts_with("`localhost` is at "), "{failure}");
}
