//! Reading fields of a request: every fault is collected, none stops the reading.

use crate::status::{Failure, Violation};
use chrono::{DateTime, NaiveDate, Utc};

/// Collects the faults of one request while its fields are read.
#[derive(Debug, Default)]
pub struct Fields {
    faults: Vec<Violation>,
}

/// The earliest and latest years that a date in a request can lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

impl Fields {
    /// Names a fault.
    pub fn fault(&mut self, field: &str, why: impl Into<String>) {
        self.faults.push(Violation { field: field.to_owned(), why: why.into() });
    }

    /// What was read, if nothing was at fault. `None` for a part is only possible where a fault was named.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with every fault.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Failure> {
        match read {
            Some(read) if self.faults.is_empty() => Ok(read),
            _ => Err(Failure::Invalid(self.faults)),
        }
    }

    /// An opaque reference: 1 to 64 letters, digits and `. _ - :`, and nothing that reads like a National Insurance
    /// number, which has no place in a system that knows its customers by reference only.
    pub fn reference(&mut self, field: &str, value: &str) -> Option<String> {
        if value.is_empty() {
            self.fault(field, "is required");
        } else if value.len() > 64 || !value.bytes().all(is_of_reference) {
            self.fault(field, "has to be 1 to 64 letters, digits and . _ - :");
        } else if looks_like_nino(value) {
            self.fault(field, "reads like a National Insurance number; use an opaque reference");
        } else {
            return Some(value.to_owned());
        }
        None
    }

    /// An opaque reference that may be missing: `Some(None)` where it is.
    pub fn optional_reference(&mut self, field: &str, value: &str) -> Option<Option<String>> {
        if value.is_empty() { Some(None) } else { self.reference(field, value).map(Some) }
    }

    /// A person, as tokens name them: their issuer chooses the form.
    pub fn person(&mut self, field: &str, value: &str) -> Option<String> {
        if is_subject(value) {
            return Some(value.to_owned());
        }
        self.fault(field, "has to be a person as tokens name them");
        None
    }

    /// Free text that has to be there.
    pub fn text(&mut self, field: &str, value: &str, most: usize) -> Option<String> {
        if value.trim().is_empty() {
            self.fault(field, "is required");
            return None;
        }
        self.optional_text(field, value, most).flatten()
    }

    /// Free text that may be empty: `Some(None)` where it is.
    pub fn optional_text(&mut self, field: &str, value: &str, most: usize) -> Option<Option<String>> {
        if value.trim().is_empty() {
            return Some(None);
        }
        if value.chars().count() > most {
            self.fault(field, format!("has to be at most {most} characters"));
            return None;
        }
        if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.fault(field, "holds control characters; only line breaks and tabs are kept");
            return None;
        }
        Some(Some(value.to_owned()))
    }

    /// An instant that has to be there, with microseconds as the finest unit.
    pub fn instant(&mut self, field: &str, value: Option<prost_types::Timestamp>) -> Option<DateTime<Utc>> {
        match value {
            None => {
                self.fault(field, "is required");
                None
            }
            some => self.optional_instant(field, some).flatten(),
        }
    }

    /// An instant that may be missing: `Some(None)` where it is.
    pub fn optional_instant(
        &mut self,
        field: &str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Option<DateTime<Utc>>> {
        use chrono::Datelike;
        let Some(value) = value else { return Some(None) };
        let nanos = u32::try_from(value.nanos).ok().filter(|nanos| *nanos < 1_000_000_000);
        let instant = nanos
            .and_then(|nanos| DateTime::from_timestamp(value.seconds, nanos / 1_000 * 1_000))
            .filter(|instant| YEARS.contains(&instant.year()));
        if instant.is_none() {
            self.fault(field, format!("has to be an instant in the years {} to {}", YEARS.start(), YEARS.end()));
        }
        instant.map(Some)
    }

    /// A day that has to be there, as `YYYY-MM-DD`.
    pub fn day(&mut self, field: &str, value: &str) -> Option<NaiveDate> {
        let day = self.optional_day(field, value)?;
        if day.is_none() {
            self.fault(field, "is required");
        }
        day
    }

    /// A day that may be missing, as `YYYY-MM-DD`: `Some(None)` where it is.
    pub fn optional_day(&mut self, field: &str, value: &str) -> Option<Option<NaiveDate>> {
        use chrono::Datelike;
        if value.is_empty() {
            return Some(None);
        }
        let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().filter(|day| YEARS.contains(&day.year()));
        if day.is_none() {
            let years = (YEARS.start(), YEARS.end());
            self.fault(field, format!("has to be a day as YYYY-MM-DD, in the years {} to {}", years.0, years.1));
        }
        day.map(Some)
    }

    /// A value of an enumeration that has to be stated, through `read`, which knows none for what is not stated.
    pub fn choice<E: TryFrom<i32>, T>(
        &mut self,
        field: &str,
        value: i32,
        read: impl FnOnce(E) -> Option<T>,
    ) -> Option<T> {
        match E::try_from(value) {
            Ok(known) => {
                let read = read(known);
                if read.is_none() {
                    self.fault(field, "is required");
                }
                read
            }
            Err(_) => {
                self.fault(field, format!("has no value {value}"));
                None
            }
        }
    }

    /// A value of an enumeration that may be unstated: `Some(None)` where it is.
    pub fn optional_choice<E: TryFrom<i32>, T>(
        &mut self,
        field: &str,
        value: i32,
        read: impl FnOnce(E) -> Option<T>,
    ) -> Option<Option<T>> {
        let Ok(known) = E::try_from(value) else {
            self.fault(field, format!("has no value {value}"));
            return None;
        };
        Some(read(known))
    }

    /// A page size: `usual` where unset.
    pub fn page_size(&mut self, field: &str, value: u32, usual: u32, most: u32) -> Option<u32> {
        match value {
            0 => Some(usual),
            size if size <= most => Some(size),
            _ => {
                self.fault(field, format!("has to be 1 to {most}"));
                None
            }
        }
    }

    /// A message that has to be there.
    pub fn message<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(field, "is required");
        }
        value
    }
}

/// Whether this is the subject of a token that is believed: 1 to 64 printable ASCII characters without spaces.
pub(crate) fn is_subject(value: &str) -> bool {
    (1..=64).contains(&value.len()) && value.chars().all(|c| c.is_ascii_graphic())
}

/// Whether this is an opaque reference, as [`Fields::reference`] takes it.
#[must_use]
pub fn is_reference(value: &str) -> bool {
    (1..=64).contains(&value.len()) && value.bytes().all(is_of_reference) && !looks_like_nino(value)
}

/// Whether a reference may hold this character.
fn is_of_reference(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':')
}

/// The characters of a National Insurance number with its last letter.
const NINO: usize = 9;

/// Whether a value, or a part of it between separators, has the shape of a National Insurance number: two letters, six
/// digits and a letter from A to D. Without the last letter it has to begin as such numbers do, as many references of
/// other kinds are two letters and six digits. Nothing is allocated: payers ask with millions of references.
fn looks_like_nino(value: &str) -> bool {
    let mut parts = value.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
    let characters = || value.bytes().filter(u8::is_ascii_alphanumeric);
    parts.any(has_shape_of_nino)
        || characters().count() <= NINO && {
            let mut whole = [0; NINO];
            whole.iter_mut().zip(characters()).for_each(|(place, byte)| *place = byte);
            has_shape_of_nino(&whole[..characters().count()])
        }
}

fn has_shape_of_nino(part: &[u8]) -> bool {
    let [first, second, digits @ ..] = part else { return false };
    let Some((digits, suffix)) = digits.split_at_checked(6) else { return false };
    let letters = first.is_ascii_alphabetic() && second.is_ascii_alphabetic();
    let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
    let issued = !b"DFIQUV".contains(&first) && !b"DFIOQUV".contains(&second);
    letters
        && digits.iter().all(u8::is_ascii_digit)
        && match suffix {
            [] => issued,
            [last] => (b'A'..=b'D').contains(&last.to_ascii_uppercase()),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn references_refuse_what_identifies_a_person() {
        for (value, fine) in [
            ("C-48213", true),
            ("award:7.1_b", true),
            ("", false),
            ("QQ123456C", false),
            ("qq 12 34 56 c", false),
            ("QQ-123456-C", false),
            ("QQ123456X", true),
            ("NINO-QQ123456C", false),
            ("AB123456", false),
            ("CU123456", true),
            ("HF-AB12-3456-C000", true),
            ("a b", false),
            ("caf\u{e9}", false),
            ("x\u{0}y", false),
            (&"x".repeat(64), true),
            (&"x".repeat(65), false),
        ] {
            let mut fields = Fields::default();
            assert_eq!(fields.reference("f", value).is_some(), fine, "{value:?}");
            assert_eq!(fields.faults.is_empty(), fine, "{value:?}");
            assert_eq!(is_reference(value), fine, "{value:?}");
        }
    }

    #[test]
    fn every_fault_is_collected() {
        let mut fields = Fields::default();
        fields.reference("customer", "");
        fields.text("note", "a\u{7}b", 10);
        fields.instant("occurred_at", Some(prost_types::Timestamp { seconds: 0, nanos: -1 }));
        let Err(Failure::Invalid(faults)) = fields.finish(Some(())) else { unreachable!("there were faults") };
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["customer", "note", "occurred_at"]);
    }

    #[test]
    fn text_keeps_line_breaks_and_refuses_control_characters_and_length() {
        for (value, fine) in
            [("one\r\ntwo\tthree", true), ("nul \u{0}", false), ("bell \u{7}", false), ("12345678901234567", false)]
        {
            assert_eq!(Fields::default().text("f", value, 16).is_some(), fine, "{value:?}");
        }
    }
}
