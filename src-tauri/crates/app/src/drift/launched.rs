//! What an entry of ours starts, read back out of a client's own shape.

use std::path::Path;

use keystow_core::clients::{Fill, Mode, Target};
use keystow_core::{ConnectionId, Paths};
use serde_json::Value;
use url::Url;

/// Stand where the parts of an entry go, while its shape is looked at. No entry has them.
const COMMAND: &str = "\u{0}command";
const ARGS: &str = "\u{0}args";
const URL: &str = "\u{0}url";
const HELPER: &str = "\u{0}helper";

/// Where in an entry (as JSON pointers) a client wants what.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    command: Option<String>,
    /// The list, and how many of its items come before the arguments.
    args: Option<(String, usize)>,
    url: Option<String>,
    helper: Option<String>,
}

/// What an entry starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launched {
    /// The program; in an entry for Windows around a Linux of ours, the one that is started in there.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
}

impl Shape {
    /// The shape of a client's entries; `None` where it does not have the mode.
    pub fn of(target: &Target, mode: Mode) -> Option<Self> {
        let fill = Fill {
            name: "",
            command: COMMAND,
            args: &[ARGS.to_owned()],
            url: URL,
            helper: HELPER,
        };
        let mut shape = Self::default();
        shape.find(&target.entry(mode, &fill)?, &mut String::new());
        Some(shape)
    }

    fn find(&mut self, value: &Value, at: &mut String) {
        match value {
            Value::String(text) => {
                let here = Some(at.clone());
                match text.as_str() {
                    COMMAND => self.command = here,
                    URL => self.url = here,
                    HELPER => self.helper = here,
                    _ => {}
                }
            }
            Value::Array(items) => {
                if let Some(first) = items.iter().position(|item| item == ARGS) {
                    self.args = Some((at.clone(), first));
                }
                for (index, item) in items.iter().enumerate() {
                    self.find_in(item, at, &index.to_string());
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    self.find_in(item, at, &key.replace('~', "~0").replace('/', "~1"));
                }
            }
            _ => {}
        }
    }

    fn find_in(&mut self, value: &Value, at: &mut String, step: &str) {
        let length = at.len();
        at.push('/');
        at.push_str(step);
        self.find(value, at);
        at.truncate(length);
    }

    /// What an entry of this shape starts; `None` where nothing is started, or not in this way.
    pub fn launched(&self, entry: &Value) -> Option<Launched> {
        if let Some(helper) = &self.helper {
            let line = HelperLine::read(entry.pointer(helper)?.as_str()?)?;
            return Some(Launched {
                program: line.program,
                args: line.args.split(' ').map(str::to_owned).collect(),
            });
        }
        let command = entry.pointer(self.command.as_ref()?)?.as_str()?;
        let mut args = self.args(entry)?;
        let program = match within_windows(command, &args) {
            Some(at) => args.drain(..=at).next_back()?,
            None => command.to_owned(),
        };
        Some(Launched { program, args })
    }

    /// The command and arguments as they stand, for running them.
    pub fn command_line(&self, entry: &Value) -> Option<(String, Vec<String>)> {
        let command = entry.pointer(self.command.as_ref()?)?.as_str()?;
        Some((command.to_owned(), self.args(entry)?))
    }

    fn args(&self, entry: &Value) -> Option<Vec<String>> {
        let Some((list, first)) = &self.args else {
            return Some(Vec::new());
        };
        let Some(items) = entry.pointer(list) else {
            return Some(Vec::new());
        };
        items
            .as_array()?
            .get(*first..)?
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect()
    }

    /// The URL in an entry.
    pub fn url<'a>(&self, entry: &'a Value) -> Option<&'a str> {
        entry.pointer(self.url.as_ref()?)?.as_str()
    }

    /// The command line for headers in an entry.
    pub fn helper<'a>(&self, entry: &'a Value) -> Option<&'a str> {
        entry.pointer(self.helper.as_ref()?)?.as_str()
    }

    /// The same entry with another program and, where one is given and the entry has one, another URL. What else is in it stays.
    pub fn moved(&self, entry: &Value, program: &str, url: Option<&Url>) -> Value {
        let mut moved = entry.clone();
        self.put_program(&mut moved, program);
        if let (Some(url), Some(at)) = (url, &self.url)
            && let Some(place @ Value::String(_)) = moved.pointer_mut(at)
        {
            *place = url.as_str().into();
        }
        moved
    }

    fn put_program(&self, entry: &mut Value, program: &str) {
        if let Some(Value::String(text)) = self.helper.as_ref().and_then(|at| entry.pointer_mut(at))
        {
            if let Some(moved) = HelperLine::read(text).map(|line| line.with(program, text)) {
                *text = moved;
            }
            return;
        }
        let Some((command, args)) = self.command_line(entry) else {
            return;
        };
        let inner = within_windows(&command, &args);
        let place = match (inner, &self.args) {
            (Some(at), Some((list, first))) => entry.pointer_mut(&format!("{list}/{}", first + at)),
            _ => self.command.as_ref().and_then(|at| entry.pointer_mut(at)),
        };
        if let Some(place) = place {
            *place = program.into();
        }
    }
}

/// Where the program stands among the arguments of `wsl.exe -d DISTRIBUTION --exec PROGRAM …`.
fn within_windows(command: &str, args: &[String]) -> Option<usize> {
    let starts_linux = command.to_ascii_lowercase().ends_with("wsl.exe");
    let at = args.iter().position(|arg| arg == "--exec")? + 1;
    (starts_linux && at < args.len()).then_some(at)
}

/// A command line for a shell as we write it: perhaps something before, the program, in quotes where it needs them, words.
struct HelperLine<'a> {
    before: &'a str,
    program: String,
    args: &'a str,
}

impl<'a> HelperLine<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (head, args) = line.split_at_checked(line.rfind(" headers ")?)?;
        let quote = head.chars().next_back()?;
        let inner = head.strip_suffix(quote)?;
        let start = match quote {
            '\'' => head.find(quote)?,
            '"' => inner.rfind(quote)?,
            _ => head.rfind(' ').map_or(0, |space| space + 1),
        };
        let program = match quote {
            '\'' => inner.get(start + 1..)?.replace(r"'\''", "'"),
            '"' => inner.get(start + 1..)?.to_owned(),
            _ => head.get(start..)?.to_owned(),
        };
        Some(Self {
            before: head.get(..start)?,
            program,
            args: args.trim_start(),
        })
    }

    /// The same line with another program, in the quotes that `'` or `"` around the old one would tell the shell.
    fn with(&self, program: &str, line: &str) -> String {
        let was = line.get(self.before.len()..).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+,".contains(c);
        let word = match was.chars().next() {
            Some('"') => format!("\"{program}\""),
            Some('\'') => format!("'{}'", program.replace('\'', r"'\''")),
            _ if program.chars().all(plain) => program.to_owned(),
            _ if program.contains('\\') => format!("\"{program}\""),
            _ => format!("'{}'", program.replace('\'', r"'\''")),
        };
        format!("{}{word} {}", self.before, self.args)
    }
}

impl Launched {
    /// Whether it is Keystow's own copy.
    pub fn is_ours(&self, paths: &Paths) -> bool {
        Path::new(&self.program) == paths.stable_binary()
    }

    /// Whether it is told to serve a connection, in a mode.
    pub fn serves(&self, mode: Mode, id: &ConnectionId) -> bool {
        let verb = match mode {
            Mode::Helper => "headers",
            Mode::Exec => "exec",
            Mode::Bridge | Mode::Link => "bridge",
        };
        self.args.first().is_some_and(|arg| arg == verb)
            && self.args.get(1).is_some_and(|arg| arg == id.as_str())
    }

    /// Whether nothing can be started by it: its path leads nowhere. What is looked for on the search path may be anywhere.
    pub fn leads_nowhere(&self) -> bool {
        let path = Path::new(&self.program);
        path.is_absolute() && !path.exists()
    }
}

#[cfg(test)]
mod tests {
    use keystow_core::ClientId;
    use keystow_core::clients::Clients;
    use serde_json::json;

    use super::*;

    fn shape(client: &str) -> Shape {
        let clients = Clients::built_in();
        let client = clients.get(&ClientId::new(client)).unwrap();
        Shape::of(&client.targets[0], Mode::Bridge).unwrap()
    }

    #[test]
    fn what_every_client_starts_is_read_back_and_moved() {
        let args = ["bridge".to_owned(), "c-1".to_owned()];
        let fill = |command| Fill {
            name: "keystow",
            command,
            args: &args,
            url: "http://127.0.0.1:1/mcp",
            helper: "'/it'\\''s old/keystow' headers c-1",
        };
        for client in Clients::built_in().iter() {
            for target in &client.targets {
                for mode in target.modes() {
                    let shape = Shape::of(target, mode).unwrap();
                    let entry = target.entry(mode, &fill("/it's old/keystow")).unwrap();
                    let launched = shape.launched(&entry).unwrap();
                    assert_eq!(
                        launched.program, "/it's old/keystow",
                        "{} {mode:?}",
                        client.id
                    );
                    assert_eq!(launched.args[1], "c-1");
                    let moved = shape.moved(&entry, "/new/keystow", None);
                    assert_eq!(shape.launched(&moved).unwrap().program, "/new/keystow");
                    assert_eq!(shape.moved(&moved, "/it's old/keystow", None), entry);
                }
            }
        }
    }

    #[test]
    fn helper_lines_keep_their_quotes() {
        for (line, moved) in [
            ("'/a b/k' headers c-1", "'/new it'\\''s/k' headers c-1"),
            ("/a/k headers c-1", "'/new it'\\''s/k' headers c-1"),
            (
                "wsl.exe -d U --exec '/a' headers c-1",
                "wsl.exe -d U --exec '/new it'\\''s/k' headers c-1",
            ),
            (
                "X=1 /a headers c-1 --v",
                "X=1 '/new it'\\''s/k' headers c-1 --v",
            ),
            (r#""C:\a b\k" headers c-1"#, r#""/new it's/k" headers c-1"#),
        ] {
            let read = HelperLine::read(line).unwrap();
            assert_eq!(read.with("/new it's/k", line), moved);
        }
        assert!(HelperLine::read("echo hello").is_none());
        assert!(HelperLine::read("' headers c-1").is_none());
    }

    #[test]
    fn a_program_within_windows_is_the_one_that_moves() {
        let entry = json!({
            "command": "wsl.exe",
            "args": ["-d", "Ubuntu", "--exec", "/old/keystow", "bridge", "c-1"],
            "env": {"A": "b"},
        });
        let shape = shape("cursor");
        let launched = shape.launched(&entry).unwrap();
        assert_eq!(
            (launched.program.as_str(), launched.args.len()),
            ("/old/keystow", 2)
        );
        let moved = shape.moved(&entry, "/new/keystow", None);
        assert_eq!(moved["command"], "wsl.exe");
        assert_eq!(moved["args"][3], "/new/keystow");
        assert_eq!(moved["env"], entry["env"]);
    }

    #[test]
    fn an_entry_of_another_shape_starts_nothing() {
        let shape = shape("cursor");
        for entry in [
            json!({"url": "https://example.com"}),
            json!({"command": 7}),
            json!({"command": "x", "args": "bridge"}),
            json!({"command": "x", "args": [1]}),
            json!([]),
            json!(null),
        ] {
            assert_eq!(shape.launched(&entry), None, "{entry}");
            assert_eq!(
                shape.moved(&entry, "/new", None).pointer("/args"),
                entry.pointer("/args")
            );
        }
    }
}
