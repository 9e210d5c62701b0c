use keystow_core::KeyId;
use keystow_core::key::{ClientUse, DayUse, KeyUsage, UnixMs};
use keystow_core::remote::{Caller, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::Deserialize;

use super::Ocore;
use super::keys::in_our_words;
use crate::parse::rfc3339_ms;
use crate::text::plain;

/// The activity of a key, as the local workspace tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportDto {
    last_used_at: Option<String>,
    requests_this_period: Option<u64>,
    #[serde(default)]
    top_endpoints: Vec<EndpointDto>,
    #[serde(default)]
    clients: Vec<ClientDto>,
    #[serde(default)]
    days: Vec<DayDto>,
}

#[derive(Deserialize)]
struct EndpointDto {
    endpoint: String,
    requests: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientDto {
    client: String,
    requests: u64,
    last_used_at: Option<String>,
}

#[derive(Deserialize)]
struct DayDto {
    day: String,
    requests: u64,
    #[serde(default)]
    clients: Vec<DayClientDto>,
}

#[derive(Deserialize)]
struct DayClientDto {
    client: String,
    requests: u64,
}

impl Ocore {
    /// What a key was used for. oCore documents no such request; a server without one tells what the key itself tells.
    pub(super) fn activity(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
    ) -> Result<KeyUsage, RemoteError> {
        let outcome = self
            .ask(Method::GET, caller, &[id.as_str(), "activity"])?
            .send()?
            .success();
        let answer = match outcome.map_err(RemoteError::from) {
            Err(error) if error.kind == RemoteErrorKind::NotFound => {
                let (answer, key) = self.fetch(caller, id)?;
                let key = in_our_words(&answer, key)?;
                return Ok(KeyUsage {
                    last_used_at: key.last_used_at,
                    requests: key.requests,
                    ..KeyUsage::default()
                });
            }
            other => other?,
        };
        let report: ReportDto = answer.json()?;
        let at = |text: &str| -> Result<UnixMs, RemoteError> {
            rfc3339_ms(text)
                .ok_or_else(|| answer.not_what("something else in lastUsedAt", "an RFC 3339 date"))
        };
        let name = |text: String| plain(&text, 200);
        Ok(KeyUsage {
            last_used_at: report.last_used_at.as_deref().map(at).transpose()?,
            requests: report.requests_this_period,
            endpoints: report
                .top_endpoints
                .into_iter()
                .map(|line| (name(line.endpoint), line.requests))
                .collect(),
            clients: report
                .clients
                .into_iter()
                .map(|line| {
                    Ok(ClientUse {
                        name: name(line.client),
                        requests: line.requests,
                        last_used_at: line.last_used_at.as_deref().map(at).transpose()?,
                    })
                })
                .collect::<Result<_, RemoteError>>()?,
            days: report
                .days
                .into_iter()
                .map(|line| DayUse {
                    day: name(line.day),
                    requests: line.requests,
                    clients: line
                        .clients
                        .into_iter()
                        .map(|client| (name(client.client), client.requests))
                        .collect(),
                })
                .collect(),
        })
    }
}
