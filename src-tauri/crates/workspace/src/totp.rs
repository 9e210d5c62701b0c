//! One-time codes of an authenticator (RFC 6238), the second factor beside the password. Each code works once.

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, params};
use sha1::Sha1;

use crate::OWNER_LOGIN;
use crate::clock::{SECOND, UnixMs};
use crate::db::DbError;
use crate::random;

/// How long a code is shown, in seconds, and how many digits it has: what authenticators take without being told.
const PERIOD: i64 = 30;
const DIGITS: usize = 6;

/// How many steps the authenticator's clock may be off, either way.
const DRIFT: i64 = 1;

/// As long as the hash, as RFC 4226 (4, R6) recommends.
const SECRET_BYTES: usize = 20;

/// A secret for the authenticator: told once.
#[derive(Debug)]
pub(crate) struct Enrolled {
    /// In base32, to be typed in.
    pub(crate) secret: String,
    /// To be shown as a QR code.
    pub(crate) uri: String,
}

/// Whether a code is asked for at sign-in.
pub(crate) fn is_on(connection: &Connection) -> Result<bool, DbError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM totp WHERE confirmed = 1")?
        .exists([])?)
}

/// Begins enrolment; `None` when codes are asked for already. An earlier enrolment that was not confirmed is forgotten.
pub(crate) fn enroll(connection: &Connection, user: &str) -> Result<Option<Enrolled>, DbError> {
    if is_on(connection)? {
        return Ok(None);
    }
    let raw = random::bytes::<SECRET_BYTES>();
    connection.execute(
        "INSERT OR REPLACE INTO totp (user, secret, confirmed, last_step) VALUES (?1, ?2, 0, 0)",
        params![user, raw],
    )?;
    let secret = base32(&raw);
    let login = OWNER_LOGIN.replace('@', "%40");
    let uri = format!(
        "otpauth://totp/Keystow:{login}?secret={secret}&issuer=Keystow&algorithm=SHA1&digits={DIGITS}&period={PERIOD}"
    );
    Ok(Some(Enrolled { secret, uri }))
}

/// Ends enrolment with the first code: from now on codes are asked for. `false` when the code is wrong or nothing was enrolled.
pub(crate) fn confirm(connection: &Connection, code: &str, now: UnixMs) -> Result<bool, DbError> {
    let right = spend(connection, code, now, false)?;
    if right {
        connection.execute("UPDATE totp SET confirmed = 1", [])?;
    }
    Ok(right)
}

/// Whether a code is right; it is not a second time.
pub(crate) fn check(connection: &Connection, code: &str, now: UnixMs) -> Result<bool, DbError> {
    spend(connection, code, now, true)
}

/// No code is asked for any more.
pub(crate) fn remove(connection: &Connection) -> Result<(), DbError> {
    connection.execute("DELETE FROM totp", [])?;
    Ok(())
}

fn spend(
    connection: &Connection,
    code: &str,
    now: UnixMs,
    confirmed: bool,
) -> Result<bool, DbError> {
    let found: Option<(Vec<u8>, i64)> = connection
        .prepare_cached("SELECT secret, last_step FROM totp WHERE confirmed = ?1")?
        .query_row([confirmed], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((secret, last_step)) = found else {
        return Ok(false);
    };
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = now / SECOND / PERIOD;
    let fits = (step - DRIFT..=step + DRIFT)
        .filter(|step| *step > last_step)
        .find(|step| code_at(&secret, *step) == typed);
    if let Some(step) = fits {
        connection.execute("UPDATE totp SET last_step = ?1", [step])?;
    }
    Ok(fits.is_some())
}

/// The code of a step (RFC 4226, 5.3).
fn code_at(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[hash.len() - 1] & 0x0f);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:0DIGITS$}", number % 10_u32.pow(DIGITS as u32))
}

/// RFC 4648, 6, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1))
        .collect();
    bits.chunks(5)
        .map(|five| {
            let number = (0..5).fold(0, |sum, at| sum << 1 | five.get(at).copied().unwrap_or(0));
            char::from(ALPHABET[usize::from(number)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn enrolled() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(include_str!("schema.sql"))
            .and_then(|()| connection.execute_batch(include_str!("schema-2.sql")))
            .unwrap();
        connection
            .execute(
                "INSERT INTO users (id, email, name, password) VALUES ('u', 'o', 'O', '')",
                [],
            )
            .unwrap();
        let told = enroll(&connection, "u").unwrap().unwrap();
        assert_eq!(told.secret.len(), 32);
        assert!(told.uri.contains(&format!("secret={}&", told.secret)));
        connection
            .execute("UPDATE totp SET secret = ?1", [RFC_SECRET])
            .unwrap();
        connection
    }

    #[test]
    fn codes_are_those_of_the_rfcs() {
        // RFC 6238, appendix B, the last six digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(RFC_SECRET, seconds / PERIOD), code);
        }
        // RFC 4648, 10.
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn a_code_works_once_and_a_step_early_or_late() {
        let c = enrolled();
        let at = |step: i64| step * PERIOD * SECOND;
        let code = |step: i64| code_at(RFC_SECRET, step);
        assert!(!check(&c, &code(10), at(10)).unwrap(), "not confirmed yet");
        assert!(!confirm(&c, &code(8), at(10)).unwrap(), "too old");
        assert!(confirm(&c, &code(10), at(10)).unwrap());
        assert!(is_on(&c).unwrap());
        assert!(!check(&c, &code(10), at(10)).unwrap(), "used");
        assert!(!check(&c, &code(9), at(10)).unwrap(), "before a used one");
        let mut spaced = code(11);
        spaced.insert(3, ' ');
        assert!(check(&c, &spaced, at(10)).unwrap());
        assert!(check(&c, &code(12), at(13)).unwrap());
        assert!(!check(&c, &code(15), at(13)).unwrap(), "too early");
        assert!(!check(&c, "", at(13)).unwrap());
        assert!(
            enroll(&c, "u").unwrap().is_none(),
            "not replaced while it is on"
        );
        remove(&c).unwrap();
        assert!(!is_on(&c).unwrap() && !check(&c, &code(14), at(14)).unwrap());
    }
}
