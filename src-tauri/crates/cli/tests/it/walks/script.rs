//! Commands as the document has them.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use keystow_testkit::World;
use serde_json::Value;

use crate::support::*;

const DOCUMENT: &str = include_str!("../../../../../docs/PROVIDERS.md");

/// The last words of what is said where somebody has to do something elsewhere.
const WAITING: &str = "Ctrl-C cancels";

/// Titles of the walks.
pub fn sections() -> Vec<String> {
    walks()
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::to_owned)
        .collect()
}

/// The `at`th fenced block of a kind in a section.
pub fn block(section: &str, kind: &str, at: usize) -> &'static str {
    let title = format!("\n### {section}\n");
    let (_, text) = walks()
        .split_once(&title)
        .unwrap_or_else(|| panic!("PROVIDERS.md has no walk {section}"));
    let text = text.split("\n### ").next().unwrap();
    let fence = format!("```{kind}\n");
    let block = text.split(&fence).nth(at + 1);
    block
        .and_then(|block| block.split("```").next())
        .unwrap_or_else(|| panic!("{section} has no block {at} of {kind}"))
}

fn walks() -> &'static str {
    let (_, walks) = DOCUMENT.split_once("\n## Walks\n").expect("a chapter");
    walks
}

/// The commands of one block, to be run in their order and to the last.
pub struct Walk<'w> {
    world: &'w World,
    left: VecDeque<Vec<String>>,
    here: Vec<(&'static str, String)>,
    used: BTreeSet<&'static str>,
}

impl<'w> Walk<'w> {
    pub fn of(world: &'w World, section: &str, at: usize) -> Self {
        let lines = block(section, "sh", at).lines().map(words);
        Self {
            world,
            left: lines.collect(),
            here: Vec::new(),
            used: BTreeSet::new(),
        }
    }

    /// Has a word of the document stand for another one here.
    pub fn here(mut self, told: &'static str, here: impl Into<String>) -> Self {
        self.here.push((told, here.into()));
        self
    }

    /// Runs the next command, which begins with these words.
    pub fn run(&mut self, begins: &str) -> Ran {
        self.typing(begins, "")
    }

    /// The same, with somebody typing.
    pub fn typing(&mut self, begins: &str, input: &str) -> Ran {
        let args = self.next(begins);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        keystow_with_input(self.world, &args, input).ok()
    }

    /// The same with a command that waits: `act` gets what it said, and does what it waits for.
    pub fn meanwhile(&mut self, begins: &str, act: impl FnOnce(&[String])) -> Ran {
        let args = self.next(begins);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        meanwhile(self.world, &args, act).ok()
    }

    fn next(&mut self, begins: &str) -> Vec<String> {
        let line = self.left.pop_front().expect("one more command");
        let said = line.join(" ");
        assert!(
            said == begins || said.starts_with(&format!("{begins} ")),
            "the document says `keystow {said}` where the test knows `{begins}`"
        );
        line.into_iter()
            .map(
                |word| match self.here.iter().find(|(told, _)| *told == word) {
                    Some((told, here)) => {
                        self.used.insert(told);
                        here.clone()
                    }
                    None => word,
                },
            )
            .collect()
    }

    /// Nothing of the document is left.
    pub fn done(self) {
        assert!(self.left.is_empty(), "not run: {:?}", self.left);
        for (told, _) in self.here {
            assert!(self.used.contains(told), "{told} stands nowhere");
        }
    }
}

/// Runs a command that waits for somebody; `act` gets the lines it said.
pub fn meanwhile(world: &World, args: &[&str], act: impl FnOnce(&[String])) -> Ran {
    let mut waiting = command(world, args)
        .env("BROWSER", "true")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(waiting.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    for line in talk.by_ref() {
        said.push(line.unwrap());
        if said.last().unwrap().contains(WAITING) {
            act(&said);
            break;
        }
    }
    said.extend(talk.map_while(Result::ok));
    let stderr = said.iter().map(|line| format!("{line}\n")).collect();
    let mut ran = Ran::of(waiting.wait_with_output().unwrap());
    ran.stderr = stderr;
    ran
}

/// The address that a person was asked to open.
pub fn address(said: &[String]) -> String {
    let mut addresses = said.iter().map(|line| line.trim());
    let found = addresses.find(|line| line.starts_with("http://127.0.0.1:"));
    found.expect("an address").to_owned()
}

/// The code that a person was asked to type.
pub fn code(said: &[String]) -> String {
    let at = said.iter().position(|line| line == "Type the code");
    said[at.expect("a code") + 1].trim().to_owned()
}

/// The words of a line behind `keystow`, without its comment.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" # ").next().unwrap().trim();
    let mut words = vec![];
    for (at, part) in line.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    assert_eq!(words[0], "keystow", "{line}");
    words.split_off(1)
}

/// Cursor, with what was written for it under a name: its command is started as it stands there, and greeted.
pub fn cursor(world: &World, name: &str) -> Bridge {
    let text = fs::read_to_string(world.home().join(".cursor/mcp.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let entry = &file["mcpServers"][name];
    let mut started = world.command(entry["command"].as_str().expect(name));
    let args = entry["args"].as_array().unwrap();
    started.args(args.iter().map(|arg| arg.as_str().unwrap()));
    Bridge::of(started).greeted()
}

/// The names of the tools that it sees.
pub fn tools(bridge: &mut Bridge) -> Vec<String> {
    let list = bridge.ask("tools/list", serde_json::json!({})).unwrap();
    let tools = list["tools"].as_array().unwrap().iter();
    tools
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The text that a tool gives.
pub fn told(bridge: &mut Bridge, tool: &str) -> String {
    let result = bridge.call(tool).unwrap();
    result["content"][0]["text"].as_str().unwrap().to_owned()
}
