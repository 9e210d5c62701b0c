use super::container::{Container, Item, Twice};
use super::fault::Fault;
use super::scanner::{Kind, Scanner, Token};
use super::string::{decoded, says};
use super::value::unquoted;

/// What an outline is drawn for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought<'a> {
    /// The keys that lead to the servers.
    pub(super) at: &'a [String],
    /// The key that tells an item's name, where the servers are a list.
    pub(super) named_by: Option<&'a str>,
    /// The name of the entry; none: the names of all are wanted.
    pub(super) name: Option<&'a str>,
}

/// What one pass over a document finds.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The containers that are there on the way to the entry, outermost first.
    pub(super) way: Vec<Container>,
    /// The value where a container should be: how many keys lead to it, and its first byte.
    pub(super) wrong: Option<(usize, usize)>,
    /// Whether there are comments around the document.
    pub(super) comments_around: bool,
    /// The names of all entries, where they are wanted.
    pub(super) names: Vec<String>,
}

impl Outline {
    /// Reads a whole document.
    pub(super) fn of_document(
        text: &str,
        start: usize,
        jsonc: bool,
        sought: Sought<'_>,
    ) -> Result<Self, Fault> {
        let mut scanner = Scanner::new(text, start, jsonc);
        let mut drawing = Drawing::new(text, sought);
        while let Some(token) = scanner.next()? {
            drawing.take(token);
        }
        Ok(drawing.outline)
    }

    /// Reads one object again that stands in a sound document.
    pub(super) fn of_object(text: &str, start: usize) -> Result<Option<Container>, Fault> {
        let sought = Sought {
            at: &[],
            named_by: None,
            name: Some(""),
        };
        let mut scanner = Scanner::new(text, start, true);
        let mut drawing = Drawing::new(text, sought);
        while !scanner.is_complete() {
            let Some(token) = scanner.next()? else {
                break;
            };
            drawing.take(token);
        }
        Ok(drawing.outline.way.pop())
    }
}

/// A container that is open: one on the way, or one directly in such a one. What is deeper is passed over.
struct Frame {
    container: Container,
    /// How many containers on the way are around it; none: it is not on the way itself.
    depth: Option<usize>,
    /// The item that has begun.
    item: Option<Begun>,
    /// In an item of the list: what is known of its name.
    naming: Option<Naming>,
}

/// An item whose value has not ended.
#[derive(Clone, Copy)]
struct Begun {
    item: Item,
    /// Whether it leads on to the entry, or is it.
    leads: bool,
}

#[derive(Default)]
struct Naming {
    /// The value that comes next is the name.
    next: bool,
    /// Where it is named.
    at: Option<usize>,
    /// Where it is named again.
    again: Option<usize>,
    /// Whether by the name that is sought.
    is_sought: bool,
    /// Its name, where those of all are wanted.
    name: Option<String>,
}

struct Drawing<'a> {
    text: &'a str,
    sought: Sought<'a>,
    outline: Outline,
    frames: Vec<Frame>,
    /// How many containers are open that no frame stands for.
    below: usize,
    previous: Token,
    /// The last token, if it is a comma, whatever comments follow it.
    comma: Option<usize>,
}

impl<'a> Drawing<'a> {
    fn new(text: &'a str, sought: Sought<'a>) -> Self {
        Self {
            text,
            sought,
            outline: Outline::default(),
            frames: Vec::new(),
            below: 0,
            previous: Token {
                kind: Kind::Comma,
                start: 0,
                end: 0,
            },
            comma: None,
        }
    }

    #[inline]
    fn take(&mut self, token: Token) {
        if self.below > 0 {
            match token.kind {
                Kind::Open => self.below += 1,
                Kind::Close => {
                    self.below -= 1;
                    if self.below == 0 {
                        self.item_ends(token.end);
                        self.previous = token;
                        self.comma = None;
                    }
                }
                _ => {}
            }
            return;
        }
        match token.kind {
            Kind::Open => self.open(token),
            Kind::Close => self.close(token),
            Kind::Key => self.key(token),
            Kind::Scalar => self.scalar(token),
            Kind::Comma => {}
            Kind::LineComment | Kind::BlockComment => self.comment(token),
        }
        self.previous = token;
        match token.kind {
            Kind::Comma => self.comma = Some(token.start),
            Kind::LineComment | Kind::BlockComment => {}
            _ => self.comma = None,
        }
    }

    fn raw(&self, token: Token) -> &'a str {
        unquoted(self.text.get(token.start..token.end).unwrap_or_default())
    }

    /// How many keys lead to the servers.
    fn goal(&self) -> usize {
        self.sought.at.len()
    }

    fn comment(&mut self, token: Token) {
        match self.frames.last_mut() {
            None => self.outline.comments_around = true,
            Some(Frame {
                item: Some(begun), ..
            }) => begun.item.comment_within = true,
            Some(frame) => frame.container.last_comment = Some(token.start),
        }
    }

    fn begin_item(&mut self, token: Token, key_end: usize, leads: bool) {
        let item = Item {
            start: token.start,
            key_end,
            value: token.start,
            end: token.end,
            before: self.previous,
            comma_before: self.comma,
            comment_within: false,
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.container.item_begins(self.text, token.start);
            frame.item = Some(Begun { item, leads });
        }
    }

    fn key(&mut self, token: Token) {
        let raw = self.raw(token);
        let goal = self.goal();
        let sought = self.sought;
        let mut leads = false;
        if let Some(frame) = self.frames.last_mut() {
            match frame.depth {
                Some(depth) => {
                    let key = match sought.at.get(depth) {
                        Some(key) => Some(key.as_str()),
                        None => sought.name,
                    };
                    if key.is_some_and(|key| says(raw, key)) {
                        if frame.container.found.is_none() {
                            leads = true;
                        } else {
                            let second = (token.start, Twice::Name);
                            frame.container.second.get_or_insert(second);
                        }
                    }
                    if depth == goal && sought.name.is_none() {
                        self.outline.names.push(decoded(raw));
                    }
                }
                None => {
                    if let Some(naming) = &mut frame.naming
                        && sought.named_by.is_some_and(|key| says(raw, key))
                    {
                        naming.next = true;
                        match naming.at {
                            None => naming.at = Some(token.start),
                            Some(_) => naming.again = naming.again.or(Some(token.start)),
                        }
                    }
                }
            }
        }
        self.begin_item(token, token.end, leads);
    }

    fn value_begins(&mut self, token: Token) {
        if self.frames.last().is_some_and(|frame| frame.item.is_none()) {
            self.begin_item(token, token.start, false);
        }
        if let Some(begun) = self.frames.last_mut().and_then(|frame| frame.item.as_mut()) {
            begun.item.value = token.start;
        }
    }

    fn scalar(&mut self, token: Token) {
        self.value_begins(token);
        self.check_type(token, false);
        let raw = self.text.get(token.start..token.end).unwrap_or_default();
        let sought = self.sought.name;
        if let Some(naming) = self.frames.last_mut().and_then(|f| f.naming.as_mut())
            && naming.next
            && raw.starts_with('"')
        {
            match sought {
                Some(name) => naming.is_sought |= says(unquoted(raw), name),
                None => naming.name = Some(decoded(unquoted(raw))),
            }
        }
        self.item_ends(token.end);
    }

    fn open(&mut self, token: Token) {
        self.value_begins(token);
        let is_array = self.text.as_bytes().get(token.start) == Some(&b'[');
        let depth = match self.frames.last() {
            None => Some(0),
            Some(Frame {
                depth: Some(depth),
                item: Some(Begun { leads: true, .. }),
                ..
            }) if *depth < self.goal() => Some(depth + 1),
            Some(Frame { depth: Some(_), .. }) => None,
            Some(_) => {
                self.below = 1;
                return;
            }
        };
        let on_way = depth.filter(|_| self.check_type(token, is_array));
        let in_list = self.sought.named_by.is_some()
            && self.frames.last().and_then(|frame| frame.depth) == Some(self.goal());
        self.frames.push(Frame {
            container: Container::opened(token, is_array),
            depth: on_way,
            item: None,
            naming: (in_list && !is_array).then(Naming::default),
        });
    }

    /// Whether a value may stand where it does; takes note where it stands on the way and may not.
    fn check_type(&mut self, token: Token, is_array: bool) -> bool {
        let depth = match self.frames.last() {
            None => 0,
            Some(Frame {
                depth: Some(depth),
                item: Some(Begun { leads: true, .. }),
                ..
            }) if *depth < self.goal() => depth + 1,
            Some(_) => return true,
        };
        let wants_array = depth == self.goal() && self.sought.named_by.is_some();
        let is_container = token.kind == Kind::Open;
        let fits = is_container && is_array == wants_array;
        if !fits {
            self.outline.wrong.get_or_insert((depth, token.start));
        }
        fits
    }

    fn close(&mut self, token: Token) {
        let Some(mut frame) = self.frames.pop() else {
            return;
        };
        frame
            .container
            .closed(self.text, token.start, self.previous, self.comma);
        if let Some(outer) = self.frames.last_mut()
            && outer.depth.is_some()
        {
            outer.container.holds(self.text, &frame.container);
            if let Some(naming) = frame.naming.take() {
                named(outer, &naming);
                self.outline.names.extend(naming.name);
            }
        }
        if let Some(depth) = frame.depth {
            // The innermost closes first.
            self.outline.way.insert(0, frame.container);
            debug_assert!(self.frames.len() == depth);
        }
        self.item_ends(token.end);
    }

    fn item_ends(&mut self, end: usize) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        if let Some(naming) = &mut frame.naming {
            naming.next = false;
        }
        if let Some(mut begun) = frame.item.take() {
            begun.item.end = end;
            if begun.leads {
                frame.container.found = Some(begun.item);
            }
            frame.container.item_ends(begun.item);
        }
    }
}

/// An item of a list is over: is it ours?
fn named(list: &mut Frame, naming: &Naming) {
    let Some(at) = naming.at.filter(|_| naming.is_sought) else {
        return;
    };
    let twice = match naming.again {
        Some(again) => Some((again, Twice::NamedBy)),
        None if list.container.found.is_some() => Some((at, Twice::Name)),
        None => None,
    };
    match (twice, &mut list.item) {
        (Some(twice), _) => {
            list.container.second.get_or_insert(twice);
        }
        (None, Some(begun)) => begun.leads = true,
        (None, None) => {}
    }
}
