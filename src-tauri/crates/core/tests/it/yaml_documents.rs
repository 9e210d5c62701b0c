//! YAML settings as people and programs write them: random text with a mapping at its root.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// How the servers stand in these documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Map,
    List,
}

/// The key our entries stand under in these documents.
pub const CONTAINER: &str = "servers";

#[derive(Clone, Debug)]
enum Tree {
    /// As it is written, on one line.
    Scalar(&'static str),
    /// The lines of a text, and its header.
    Text(&'static str, Vec<&'static str>),
    /// A scalar in quotes or none, over several lines.
    Folded(&'static str),
    Map(Vec<(&'static str, Tree)>),
    List(Vec<Tree>),
    /// An anchor or a tag before something.
    Marked(&'static str, Box<Tree>),
}

fn scalar() -> impl Strategy<Value = Tree> {
    prop_oneof![
        4 => select(vec![
            "1", "x", "", "~", "null", "true", "-0.50", "a b", "é 😀", "'it''s'", "\"a\\n\\\"b\"", "\"# no: comment\"", "'- x'",
            "http://a.b/c?d=e#f", "C:\\x", "{}", "[]", "2001-01-01", "x#y", "'a: {'", "[1, {a: b}, \"c\"]", "{a: 1, b: [x], }",
            "a # behind", "\"b\"   # behind: {",
        ])
        .prop_map(Tree::Scalar),
        1 => (
            select(vec!["|", "|-", "|+", ">", ">-", ">+", "| # why"]),
            vec(select(vec!["text", "key: value", "- item", "", "  more", "# none", "}", "é"]), 1..5),
        )
            .prop_map(|(header, mut lines)| {
                lines[0] = "first";
                Tree::Text(header, lines)
            }),
        1 => select(vec!["'one", "\"one", "one"]).prop_map(Tree::Folded),
    ]
}

const KEYS: [&str; 8] = ["a", "b", "'c'", "\"d\"", "e f", "é", "? g", "h-i"];

fn members(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Vec<(&'static str, Tree)>> {
    vec((select(KEYS.to_vec()), inner), 0..4).prop_map(|mut members| {
        let mut seen = Vec::new();
        members.retain(|(key, _)| {
            let new = !seen.contains(key);
            seen.push(*key);
            new
        });
        members
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    scalar().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            2 => members(inner.clone()).prop_map(Tree::Map),
            2 => vec(inner.clone(), 0..4).prop_map(Tree::List),
            1 => (select(vec!["!t", "!!map", "&x !y"]), members(inner)).prop_map(|(mark, map)| {
                Tree::Marked(mark, Box::new(Tree::Map(map)))
            }),
        ]
    })
}

fn container(shape: Shape) -> impl Strategy<Value = Tree> {
    let empty = select(match shape {
        Shape::Map => vec![
            "",
            "~",
            "null",
            "{}",
            "{ }",
            "{\n    }",
            "{} # none",
            "{ # none\n    }",
        ],
        Shape::List => vec!["", "~", "Null", "[]", "[ ]", "[] # none"],
    })
    .prop_map(Tree::Scalar);
    let flow = select(match shape {
        Shape::Map => vec![
            "{a: 1}",
            "{ \"a\": {x: y} }",
            "{a: 1,}",
            "{\n    a: 1, # c\n    b: {}\n    }",
            "{a, b: }",
        ],
        Shape::List => vec![
            "[{name: a}]",
            "[ name: a ]",
            "[x, {name: b},]",
            "[\n    {name: c}, # d\n    ]",
        ],
    })
    .prop_map(Tree::Scalar);
    let filled = match shape {
        Shape::Map => members(tree()).prop_map(Tree::Map).boxed(),
        Shape::List => {
            let named = (
                select(vec!["a", "b", "'c'"]),
                members(tree()),
                any::<bool>(),
            )
                .prop_map(|(name, mut members, first)| {
                    let at = if first { 0 } else { members.len() };
                    members.insert(at, ("name", Tree::Scalar(name)));
                    Tree::Map(members)
                });
            vec(prop_oneof![3 => named, 1 => tree()], 1..4)
                .prop_map(Tree::List)
                .boxed()
        }
    };
    let marked = select(vec!["&c", "!!x &d"]);
    prop_oneof![
        2 => empty,
        1 => flow,
        4 => filled.clone(),
        1 => (marked, filled).prop_map(|(mark, tree)| match &tree {
            Tree::Map(members) if members.is_empty() => tree,
            _ => Tree::Marked(mark, Box::new(tree)),
        }),
    ]
}

fn root(shape: Shape) -> impl Strategy<Value = Tree> {
    (
        members(tree()),
        proptest::option::of(container(shape)),
        any::<prop::sample::Index>(),
        select(vec![CONTAINER, "'servers'", "? servers"]),
    )
        .prop_map(|(mut members, container, at, key)| {
            if let Some(servers) = container {
                let at = at.index(members.len() + 1);
                members.insert(at, (key, servers));
            }
            Tree::Map(members)
        })
}

/// How a document is laid out. Choices are used in turn.
#[derive(Clone, Debug)]
pub struct Layout {
    unit: usize,
    list_unit: usize,
    dash: usize,
    eols: Vec<&'static str>,
    /// What stands before a member or an item, if it is not at the start of its collection's line.
    above: Vec<&'static str>,
    head: &'static str,
    foot: &'static str,
    final_eol: bool,
}

fn layout() -> impl Strategy<Value = Layout> {
    (
        1_usize..5,
        any::<bool>(),
        2_usize..5,
        prop_oneof![
            3 => Just(vec!["\n"]),
            1 => Just(vec!["\r\n"]),
            1 => vec(select(vec!["\n", "\r\n"]), 1..5),
        ],
        prop_oneof![
            2 => Just(vec![""]),
            1 => Just(vec!["\n"]),
            2 => vec(select(vec!["", "", "\n", "# about: it\n", "\n§# c\n", "§# deep\n", "§§§# deeper\n", "# out\n\n", "  \n", "\n\n"]), 1..8),
        ],
        select(vec!["", "", "", "# head\n", "# head\n\n", "---\n", "--- # doc\n", "...\n", "%YAML 1.2\n---\n", "\u{FEFF}", "\u{FEFF}# é\n", "\n\n"]),
        select(vec!["", "", "", "# foot\n", "\n  # foot\n# more\n", "\n\n", "...\n", "# end\n...\n# after\n", "   # deep\n"]),
        any::<bool>(),
    )
        .prop_map(|(unit, indented, dash, eols, above, head, foot, final_eol)| Layout {
            unit,
            list_unit: if indented { unit } else { 0 },
            dash,
            eols,
            above,
            head,
            foot,
            final_eol,
        })
}

/// A document.
pub fn document(shape: Shape) -> impl Strategy<Value = String> {
    (root(shape), layout()).prop_map(|(root, layout)| {
        let mut writer = Writer {
            out: String::new(),
            layout,
            turn: 0,
        };
        let (head, foot) = (writer.layout.head, writer.layout.foot);
        writer.raw(head);
        match &root {
            Tree::Map(members) if members.is_empty() => {}
            root => writer.inside(root, 0, false),
        }
        writer.raw(foot);
        if !writer.layout.final_eol {
            let shorter = writer.out.trim_end_matches(['\n', '\r']).len();
            writer.out.truncate(shorter);
        }
        writer.out
    })
}

struct Writer {
    out: String,
    layout: Layout,
    turn: usize,
}

impl Writer {
    fn eol(&mut self) {
        self.turn += 1;
        let eol = self.layout.eols[self.turn % self.layout.eols.len()];
        self.out.push_str(eol);
    }

    /// Text whose line ends are those of the layout.
    fn raw(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.eol();
            }
            self.out.push_str(line);
        }
    }

    fn begin(&mut self, column: usize, started: bool) {
        if !started {
            self.turn += 1;
            let above = self.layout.above[self.turn % self.layout.above.len()];
            let deeper = " ".repeat(column + 1);
            self.raw(&above.replace('§', &deeper));
            self.out.push_str(&" ".repeat(column));
        }
    }

    /// The lines of a collection that has something in it; `started`: its first line has been begun.
    fn inside(&mut self, tree: &Tree, column: usize, started: bool) {
        match tree {
            Tree::Map(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    self.begin(column, started && index == 0);
                    self.out.push_str(key);
                    if key.starts_with('?') {
                        self.eol();
                        self.out.push_str(&" ".repeat(column));
                    }
                    self.out.push(':');
                    self.value(value, column, false);
                }
            }
            Tree::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.begin(column, started && index == 0);
                    self.out.push('-');
                    self.value(item, column, true);
                }
            }
            _ => unreachable!("only collections have an inside"),
        }
    }

    /// What stands behind a colon or a dash, with its line end.
    fn value(&mut self, tree: &Tree, column: usize, item: bool) {
        match tree {
            Tree::Scalar(text) => {
                if !text.is_empty() {
                    self.out.push(' ');
                }
                // Braces over several lines end further in than the key.
                let inner = format!("\n{}", " ".repeat(column + 2));
                self.raw(&text.replace("\n    ", &inner));
                self.eol();
            }
            Tree::Text(header, lines) => {
                self.out.push(' ');
                self.out.push_str(header);
                self.eol();
                for line in lines {
                    if !line.is_empty() {
                        self.out.push_str(&" ".repeat(column + self.layout.unit));
                        self.out.push_str(line);
                    }
                    self.eol();
                }
            }
            Tree::Folded(start) => {
                self.out.push(' ');
                self.out.push_str(start);
                self.eol();
                self.out.push_str(&" ".repeat(column + 3));
                self.out.push_str("two");
                if let Some(quote @ ('\'' | '"')) = start.chars().next() {
                    self.out.push(quote);
                }
                self.eol();
            }
            Tree::Map(members) if members.is_empty() => {
                self.value(&Tree::Scalar("{}"), column, item)
            }
            Tree::List(items) if items.is_empty() => self.value(&Tree::Scalar("[]"), column, item),
            Tree::Marked(mark, inner) => {
                self.out.push(' ');
                self.out.push_str(mark);
                match &**inner {
                    Tree::Map(members) if members.is_empty() => {
                        self.value(&Tree::Scalar("{}"), column, item);
                    }
                    inner => self.nested(inner, column, item),
                }
            }
            collection if item => {
                let dash = self.layout.dash;
                self.out.push_str(&" ".repeat(dash - 1));
                self.inside(collection, column + dash, true);
            }
            collection => self.nested(collection, column, item),
        }
    }

    fn nested(&mut self, tree: &Tree, column: usize, item: bool) {
        self.eol();
        let added = match tree {
            Tree::List(_) if !item => self.layout.list_unit,
            _ => self.layout.unit,
        };
        self.inside(tree, column + added, false);
    }
}
