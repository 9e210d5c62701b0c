//! As much of HTTP/1.1 as a proxy of one request per connection needs.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

const MOST_HEAD_BYTES: usize = 64 * 1024;

/// A request or an answer up to its empty line, and what was read beyond.
pub(super) struct Head {
    pub(super) first_line: String,
    headers: Vec<String>,
    pub(super) rest: Vec<u8>,
}

impl Head {
    /// `None` when the other side closes without having said anything.
    pub(super) async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
                break at;
            }
            if bytes.len() > MOST_HEAD_BYTES {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if from.read_buf(&mut bytes).await? == 0 {
                return match bytes.is_empty() {
                    true => Ok(None),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        };
        let rest = bytes.split_off(end + 4);
        let text = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = text.split("\r\n").map(str::to_owned);
        Ok(Some(Self {
            first_line: lines.next().unwrap_or_default(),
            headers: lines.collect(),
            rest,
        }))
    }

    /// `METHOD /path?query`.
    pub(super) fn request(&self) -> &str {
        let line = self.first_line.as_str();
        line.rsplit_once(' ').map_or(line, |(request, _)| request)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(super) fn content_length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    /// The same head for another host: servers that check `Host` take the proxy for somebody else.
    pub(super) fn for_host(mut self, host: &str) -> Self {
        for line in &mut self.headers {
            let name = line.split(':').next().unwrap_or_default();
            if name.eq_ignore_ascii_case("host") {
                *line = format!("Host: {host}");
            }
        }
        self
    }

    /// The head as it goes on, saying that this connection ends with this exchange.
    pub(super) fn closing(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.first_line);
        for line in &self.headers {
            let name = line.split(':').next().unwrap_or_default();
            if !["connection", "keep-alive"].contains(&name.to_ascii_lowercase().as_str()) {
                text.push_str(line);
                text.push_str("\r\n");
            }
        }
        text.push_str("Connection: close\r\n\r\n");
        text.into_bytes()
    }
}
