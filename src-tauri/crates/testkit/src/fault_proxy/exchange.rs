//! One request and its fate.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::Fault;
use super::message::Head;

pub(super) async fn run(
    mut client: TcpStream,
    upstream: SocketAddr,
    meet: impl FnOnce(&str) -> Option<Fault>,
) -> io::Result<()> {
    let Some(request) = Head::read(&mut client).await? else {
        return Ok(());
    };
    let fault = meet(request.request());
    match fault {
        Some(Fault::Refuse) => return Ok(()),
        Some(Fault::Answer {
            status,
            headers,
            body,
        }) => return answer(client, &request, status, &headers, &body).await,
        Some(Fault::EndlessBody) => return endless(client).await,
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        _ => {}
    }
    let request = request.for_host(&upstream.to_string());
    let mut server = TcpStream::connect(upstream).await?;
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    tokio::select! {
        // Ends only by an error: a client that has sent all it has still waits for its answer.
        failed = forward_request(&request, from_client, to_server) => failed,
        done = forward_answer(fault, from_server, to_client) => done,
    }
}

async fn forward_request(
    request: &Head,
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
) -> io::Result<()> {
    to.write_all(&request.closing()).await?;
    to.write_all(&request.rest).await?;
    copy(&mut from, &mut to).await?;
    // The client closed (or its half): so does the proxy, that the server may notice.
    to.shutdown().await?;
    std::future::pending().await
}

async fn forward_answer(
    fault: Option<Fault>,
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
) -> io::Result<()> {
    let Some(answer) = Head::read(&mut from).await? else {
        return Ok(());
    };
    match fault {
        Some(Fault::DropResponse) => {
            whole_body(&answer, &mut from).await?;
        }
        Some(Fault::CutBody | Fault::Stall) => {
            let body = whole_body(&answer, &mut from).await?;
            to.write_all(&answer.closing()).await?;
            to.write_all(&body[..body.len() / 2]).await?;
            to.flush().await?;
            if matches!(fault, Some(Fault::Stall)) {
                std::future::pending::<()>().await;
            }
        }
        _ => {
            to.write_all(&answer.closing()).await?;
            to.write_all(&answer.rest).await?;
            copy(&mut from, &mut to).await?;
            to.shutdown().await?;
        }
    }
    Ok(())
}

/// The body as it is on the wire, with chunk sizes where it has them.
async fn whole_body(answer: &Head, from: &mut ReadHalf<'_>) -> io::Result<Vec<u8>> {
    let mut body = answer.rest.clone();
    match answer.content_length() {
        Some(length) => {
            let missing = length.saturating_sub(body.len()) as u64;
            from.take(missing).read_to_end(&mut body).await?;
        }
        None => {
            from.read_to_end(&mut body).await?;
        }
    }
    Ok(body)
}

async fn answer(
    mut client: TcpStream,
    request: &Head,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> io::Result<()> {
    drain(&mut client, request).await?;
    let mut head = format!(
        "HTTP/1.1 {status} Made Up\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("Connection: close\r\n\r\n");
    client.write_all(head.as_bytes()).await?;
    if !request.first_line.starts_with("HEAD ") {
        client.write_all(body).await?;
    }
    client.shutdown().await
}

/// Reads the request's body: closing with bytes unread would reset the connection and take the answer with it.
async fn drain(client: &mut TcpStream, request: &Head) -> io::Result<()> {
    if request.header("expect").is_some() {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let mut body = request.rest.clone();
    if let Some(length) = request.content_length() {
        let missing = length.saturating_sub(body.len()) as u64;
        client.take(missing).read_to_end(&mut body).await?;
    } else if request.header("transfer-encoding").is_some() {
        while !body.ends_with(b"0\r\n\r\n") && client.read_buf(&mut body).await? > 0 {}
    }
    Ok(())
}

/// Writes until the client has had enough.
async fn endless(mut client: TcpStream) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[0";
    client.write_all(head.as_bytes()).await?;
    let more = b",0".repeat(8 * 1024);
    loop {
        client.write_all(&more).await?;
    }
}
