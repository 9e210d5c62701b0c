//! Keys as they are pressed, and where the focus is and how it shows.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::Window;

/// Longer than any border takes to change its colour, even on a busy machine.
const FADES: Duration = Duration::from_secs(5);

/// More stops than any page or dialog has.
const STOPS: usize = 120;

/// What has the focus.
#[derive(Debug)]
pub struct Focus {
    /// Its name, as a screen reader says it (near enough).
    pub name: String,
    /// Its role or element.
    pub role: String,
    /// What is wrong with how it shows; empty: a person sees where they are.
    pub fault: String,
}

const FOCUS: &str = r#"
    const at = document.activeElement;
    if (at === null || at === document.body) return { name: '', role: 'body', fault: '' };
    const words = (element) => (element?.innerText ?? '').trim().replace(/\s+/g, ' ');
    const labelled = at.getAttribute('aria-labelledby')?.split(' ').map((id) => words(document.getElementById(id))).join(' ');
    const name = at.getAttribute('aria-label') ?? labelled ?? (at.labels?.length ? words(at.labels[0]) : words(at));
    const role = at.getAttribute('role') ?? at.tagName.toLowerCase();
    const box = at.getBoundingClientRect();
    let fault = '';
    const shows = (element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
        // Fields show it by the colour of their border.
        const accent = getComputedStyle(document.documentElement).getPropertyValue('--ks-accent').trim();
        const probe = document.createElement('i');
        probe.style.color = accent;
        document.body.append(probe);
        const bordered = style.borderTopStyle !== 'none' && style.borderTopColor === getComputedStyle(probe).color;
        probe.remove();
        return outlined || bordered;
    };
    // A field that is all there is in a dialog (the palette's) has its caret and the chosen line.
    const isCombobox = at.getAttribute('role') === 'combobox';
    const near = [at, at.parentElement, at.nextElementSibling].filter((element) => element !== null);
    // A heading is given the focus so that it is read out; it cannot be stopped at.
    const isStop = at.tabIndex >= 0;
    if (isStop && !isCombobox && !near.some(shows)) fault = 'nothing shows the focus';
    if (box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) fault = 'the focus is out of sight';
    return { name, role, fault };
"#;

impl Window {
    /// Presses and lets go a key.
    pub fn key(&self, key: Key) {
        self.strokes(&[key.into()]);
    }

    /// Presses one key while another is held.
    pub fn chord(&self, held: Key, key: impl Into<char>) {
        self.strokes(&[held.into(), key.into()]);
    }

    /// Types text, key by key, wherever the focus is.
    pub fn types(&self, text: &str) {
        for letter in text.chars() {
            self.strokes(&[letter]);
        }
    }

    /// Where the focus is.
    pub fn focus(&self) -> Focus {
        let found = self.script(FOCUS);
        let text = |of: &str| found[of].as_str().unwrap_or_default().to_owned();
        Focus {
            name: text("name"),
            role: text("role"),
            fault: text("fault"),
        }
    }

    /// Presses Tab until the focus is on what has this name; every stop on the way must show.
    pub fn tab_to(&self, name: &str) {
        let mut way = Vec::new();
        for _ in 0..STOPS {
            let focus = self.seen_focus();
            assert_eq!(focus.fault, "", "at {focus:?}, on the way to {name:?}");
            if focus.name == name
                || (name.ends_with('…') && focus.name.starts_with(name.trim_end_matches('…')))
            {
                return;
            }
            way.push(format!("{} {:?}", focus.role, focus.name));
            self.key(Key::Tab);
        }
        panic!(
            "Tab does not lead to {name:?}. It led over:\n{}\nThe window reads:\n{}",
            way.join("\n"),
            self.text()
        );
    }

    /// The same once borders have taken on their colour.
    fn seen_focus(&self) -> Focus {
        let started = Instant::now();
        loop {
            let focus = self.focus();
            if focus.fault.is_empty() || started.elapsed() > FADES {
                return focus;
            }
        }
    }

    fn strokes(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions.then(KeyAction::Down { value: *value });
        }
        for value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *value });
        }
        self.runtime
            .block_on(self.client.perform_actions(actions))
            .expect("keys can be pressed");
    }
}
