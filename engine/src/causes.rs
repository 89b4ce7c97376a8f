//! Errors in one line.

use std::error::Error;

/// An error and all that caused it, in one line. What a message says already of its cause is not said again.
pub fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::{fmt, io};

    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<dyn Error>>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref()
        }
    }

    fn above(text: &'static str) -> Layer {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused");
        Layer(text, Some(Box::new(Layer("tcp connect", Some(Box::new(refused))))))
    }

    #[test]
    fn an_error_is_told_with_all_that_caused_it() {
        assert_eq!(causes(&above("no answer")), "no answer: tcp connect: connection refused");
    }

    #[test]
    fn what_a_message_says_of_its_cause_is_said_once() {
        assert_eq!(causes(&above("no answer: tcp connect")), "no answer: tcp connect: connection refused");
    }
}
