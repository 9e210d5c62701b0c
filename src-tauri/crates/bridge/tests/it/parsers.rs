//! Whatever comes from outside, in whatever pieces.

use bytes::Bytes;
use keystow_bridge::parsers::{Event, Lines, Parser, peek};
use proptest::prelude::*;

fn parse(chunks: &[&[u8]], limit: usize) -> (Vec<Event>, Option<Event>, bool) {
    let mut parser = Parser::new(limit);
    let mut events = Vec::new();
    for chunk in chunks {
        parser.feed(Bytes::copy_from_slice(chunk));
        loop {
            match parser.next_event() {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(_) => return (events, None, true),
            }
        }
    }
    let rest = parser.finish();
    (events, rest, false)
}

/// Pieces that streams are made of, valid and not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"data: ".to_vec()),
        Just(b"data".to_vec()),
        Just(b"id:".to_vec()),
        Just(b"event: x".to_vec()),
        Just(b"retry:12".to_vec()),
        Just(b":".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn events_do_not_depend_on_how_the_stream_is_divided(
        stream in stream(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let whole = parse(&[&stream], 1 << 20);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let mut chunks = Vec::new();
        let mut from = 0;
        for cut in cuts {
            chunks.push(&stream[from..cut]);
            from = cut;
        }
        chunks.push(&stream[from..]);
        prop_assert_eq!(parse(&chunks, 1 << 20), whole);
        let bytewise: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(parse(&bytewise, 1 << 20), parse(&[&stream], 1 << 20));
    }

    #[test]
    fn a_limit_holds_for_every_event(stream in stream(), limit in 0usize..30) {
        let (events, _, _) = parse(&[&stream], limit);
        for event in events {
            prop_assert!(event.data.len() <= limit);
        }
    }

    #[test]
    fn peeking_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = peek(&bytes);
    }

    #[test]
    fn peeking_at_json_never_panics(text in r#"[\[\]{},:"a-z0-9\\. ]{0,80}"#) {
        let _ = peek(text.as_bytes());
        let framed = format!(r#"{{"id":1,"method":"m","params":{text}}}"#);
        if let Ok(seen) = peek(framed.as_bytes()) {
            let _ = seen.params.stateless_version();
        }
    }

    #[test]
    fn an_id_is_seen_in_its_own_spelling(id in prop_oneof!["-?[1-9][0-9]{0,30}", r#""[a-z\\/]{0,1}[a-z]{0,9}""#]) {
        let framed = format!(r#"{{"x":{{"id":0}},"id": {id} ,"result":0}}"#);
        if let Ok(seen) = peek(framed.as_bytes()) {
            prop_assert_eq!(seen.id.unwrap().get(), id);
        }
    }

    #[test]
    fn lines_come_out_as_they_went_in(lines in prop::collection::vec("[a-z {}:\"]{0,40}", 0..20)) {
        let input = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let expected: Vec<_> = lines.iter().filter(|line| !line.trim().is_empty()).cloned().collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let seen = runtime.block_on(async {
            let mut reader = Lines::new(input.as_bytes(), 1000);
            let mut seen = Vec::new();
            while let Some(line) = reader.next().await.unwrap() {
                seen.push(String::from_utf8(line.to_vec()).unwrap());
            }
            seen
        });
        prop_assert_eq!(seen, expected);
    }
}
