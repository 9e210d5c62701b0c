//! Messages too large to hold: handed on while they still come, so that a bridge stays small whatever passes through it.

use bytes::Bytes;
use reqwest::Response;
use tokio::time::timeout;

use crate::exchange::Link;
use crate::fault::Fault;
use crate::message::{Kind, Message};
use crate::output::{Line, between_line_ends};
use crate::skim::Skim;

/// A message of the server that is larger than this is handed on before all of it is there.
pub(crate) const LARGE_BYTES: usize = 1024 * 1024;

/// A message under way. Dropping it ends its line: where not all of it came, the client sees a line that it cannot read, and
/// then the error that answers its request.
pub(crate) struct Flow {
    line: Line,
    skim: Skim,
    bytes: usize,
}

impl Link {
    /// Begins to hand a message on whose beginning is `head`. `None` when it must be whole first: because of what it may be, or
    /// because something is to be learnt from it.
    pub(crate) async fn begin_flow(&self, head: &Bytes, message: &Message) -> Option<Flow> {
        if self.translates() || message.ids.iter().any(|id| self.pending.is_ours(id)) {
            return None;
        }
        let mut skim = Skim::default();
        skim.feed(head);
        let answers = match message.ids.as_slice() {
            [_] => {
                message.kind != Kind::Initialize
                    && message.method != "tools/list"
                    && !self.pending.settled(&message.ids)
            }
            _ => false,
        };
        if !(skim.is_call() || answers && skim.is_message()) {
            return None;
        }
        for id in &message.ids {
            self.pending.flows(id);
        }
        let mut flow = Flow {
            line: self.output.begin().await,
            skim,
            bytes: head.len(),
        };
        for part in between_line_ends(head) {
            flow.line.push(part).await;
        }
        Some(flow)
    }

    /// Hands the next piece on, which has no line ends in it.
    pub(crate) async fn continue_flow(
        &self,
        flow: &mut Flow,
        piece: Bytes,
        host: &str,
    ) -> Result<(), Fault> {
        flow.bytes += piece.len();
        if flow.bytes > self.options.frame_limit_bytes {
            return Err(Fault::TooLarge {
                host: host.to_owned(),
                limit_bytes: self.options.frame_limit_bytes,
            });
        }
        flow.skim.feed(&piece);
        flow.line.push(piece).await;
        Ok(())
    }

    /// Ends a message. The request it answers is settled when all of it came.
    pub(crate) fn end_flow(&self, flow: Flow, host: &str) -> Result<(), Fault> {
        let Flow { line, skim, .. } = flow;
        drop(line);
        let seen = skim.finish().ok_or_else(|| Fault::Broken {
            host: host.to_owned(),
        })?;
        if seen.is_answer
            && let Some(id) = seen.id
        {
            drop(self.pending.take(&id));
        }
        Ok(())
    }

    /// Hands on a plain body whose beginning has been read.
    pub(crate) async fn flow_body(
        &self,
        mut flow: Flow,
        mut rest: Response,
        host: &str,
    ) -> Result<(), Fault> {
        while let Some(piece) = self.next_chunk(&mut rest, host).await? {
            for part in between_line_ends(&piece) {
                self.continue_flow(&mut flow, part, host).await?;
            }
        }
        self.end_flow(flow, host)
    }

    /// The next chunk of a message that has begun, so it must come soon.
    pub(crate) async fn next_chunk(
        &self,
        response: &mut Response,
        host: &str,
    ) -> Result<Option<Bytes>, Fault> {
        let limit = self.options.answer_timeout;
        match timeout(limit, response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(_)) => Err(Fault::Broken {
                host: host.to_owned(),
            }),
            Err(_) => Err(Fault::TimedOut {
                host: host.to_owned(),
                limit,
            }),
        }
    }
}
