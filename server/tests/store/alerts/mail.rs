//! Mail over a real connection to something that speaks SMTP.

use std::net::SocketAddr;

use scouter_server::alerts::Target;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::looks::Watched;
use super::receiver::{dispatcher, sender, soon};

/// A mail server that takes everything, and what it was told: the lines of each mail.
async fn mail_server() -> (SocketAddr, mpsc::UnboundedReceiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (sender, mails) = mpsc::unbounded_channel();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = sender.send(take(stream).await);
        }
    });
    (address, mails)
}

async fn take(stream: TcpStream) -> Vec<String> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let (mut told, mut in_body) = (Vec::new(), false);
    writing.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer: &[u8] = match line.as_str() {
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
            _ => b"250 mail.test\r\n",
        };
        told.push(line);
        if writing.write_all(answer).await.is_err() {
            break;
        }
    }
    told
}

#[tokio::test]
async fn mail_says_what_drifted_and_has_the_same_id_however_often_it_is_sent() {
    let watched = Watched::by(&[Target::Mail]).await;
    let (address, mut mails) = mail_server().await;
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
    let (address, mut mails) = mail_server().await;
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
