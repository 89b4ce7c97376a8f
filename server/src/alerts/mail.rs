//! Mail.

use std::time::Duration;

use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use scouter_engine::causes;
use scouter_wire::alerts::Notice;

use super::AlertOptions;
use super::reach::Reach;
use super::sender::{SendError, SetupError};
use super::words::{cut, details, headline};

/// How long a command to the mail server may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A mail server, and who gets mail from whom.
pub(super) struct Mailer {
    reach: Reach,
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encryption {
    Tls,
    StartTls,
    None,
}

impl Mailer {
    /// The one that the options name, if they do.
    pub(super) fn new(options: &AlertOptions, reach: Reach) -> Result<Option<Self>, SetupError> {
        let (Some(url), Some(from)) = (&options.smtp_url, &options.mail_from) else { return Ok(None) };
        let (encryption, port) = match url.scheme() {
            "smtps" => (Encryption::Tls, 465),
            "smtp" => (Encryption::StartTls, 587),
            "smtp+plain" => (Encryption::None, 25),
            other => {
                return Err(SetupError::Smtp(format!(
                    "`{other}` is none of `smtps`, `smtp` and `smtp+plain`"
                )));
            }
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| SetupError::Smtp("it names no host".to_owned()))?;
        if url.password().is_some() || !url.username().is_empty() {
            return Err(SetupError::Smtp(
                "it holds who signs in: set `SCOUTER_SMTP_USER` and `SCOUTER_SMTP_PASSWORD`".to_owned(),
            ));
        }
        let credentials = options.smtp_user.clone().zip(options.smtp_password.as_ref());
        if encryption == Encryption::None && credentials.is_some() {
            return Err(SetupError::Smtp("a password is not sent without encryption".to_owned()));
        }
        let credentials =
            credentials.map(|(user, password)| Credentials::new(user, password.reveal().to_owned()));
        Ok(Some(Self {
            reach,
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(port),
            encryption,
            credentials,
            from: from.clone(),
            to: options.mail_to.clone(),
        }))
    }

    pub(super) async fn send(&self, id: &str, notice: &Notice) -> Result<(), SendError> {
        let mail = |error: &dyn std::error::Error| SendError::Mail(causes(error));
        // Mail servers and readers know by the id that it is the same mail sent twice.
        let domain = self.from.email.domain();
        let message = Message::builder().from(self.from.clone()).message_id(Some(format!("<{id}@{domain}>")));
        let message = self.to.iter().cloned().fold(message, MessageBuilder::to);
        let message = message
            .subject(cut(&headline(notice), 200))
            .body(format!("{}\n\n{}\n", headline(notice), details(notice)))
            .map_err(|error| mail(&error))?;

        let tls = || TlsParameters::new(self.host.clone()).map_err(|error| mail(&error));
        let mut failure = None;
        for address in self.reach.addresses(&self.host, self.port).await? {
            // By its address, so that it is the one that was looked at; its certificate is that of its name.
            let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string());
            let mut server = server.port(self.port).timeout(Some(PATIENCE)).tls(match self.encryption {
                Encryption::Tls => Tls::Wrapper(tls()?),
                Encryption::StartTls => Tls::Required(tls()?),
                Encryption::None => Tls::None,
            });
            if let Some(credentials) = &self.credentials {
                server = server.credentials(credentials.clone());
            }
            match server.build().send(message.clone()).await {
                Ok(_) => return Ok(()),
                Err(error) => failure = Some(mail(&error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }
}
