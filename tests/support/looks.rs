//! How the window looks: what axe finds, what is cut off, and states that take a slow or failing native side.

use std::path::Path;

use fantoccini::wd::TimeoutConfiguration;
use serde_json::{Value, json};

use super::Window;

/// Everything axe knows, with the colours of what can hardly be read.
const AXE: &str = r#"
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, html, any, all, none }) => {
            const colours = [...any, ...all, ...none].map(({ data }) => data?.fgColor === undefined ? '' :
                `${data.fgColor} on ${data.bgColor}: ${data.contrastRatio}`).filter(Boolean).join(', ');
            return `${id} (${help}) ${colours} at ${target.join(' ')}: ${html.slice(0, 200)}`;
        }))), (error) => done([`axe failed: ${error}`]));
"#;

/// What both looks below begin with: the faults, the dialog on the screen, and how something is called.
const BEGIN: &str = r#"
    const faults = [];
    const over = [...document.querySelectorAll('[role="dialog"]')].filter((dialog) => dialog.checkVisibility()).at(-1);
    const wordsOf = (element) => element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '';
    const name = (element) => `${element.tagName.toLowerCase()} ${JSON.stringify(wordsOf(element).trim().slice(0, 60))}`;
"#;

/// What a person could not get at or read: it sticks out to the side where nothing scrolls, or its words are cut without a sign of it or
/// have room for one at a time.
const CUT: &str = r#"
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth + 1) faults.push(`the page scrolls sideways: ${root.scrollWidth} in ${innerWidth}`);
    const scrollsSideways = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
    const isHidden = (element) => element.closest('.ks-hidden, [aria-hidden="true"]') !== null || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const inside = (element) => {
        for (let at = element.parentElement; at !== null; at = at.parentElement) {
            // Blocks of code, tables and the like may scroll by themselves, where the keyboard can scroll them, too.
            if (scrollsSideways(at) && (at.tabIndex >= 0 || at.scrollWidth <= at.clientWidth + 1)) return true;
        }
        return false;
    };
    for (const element of (over ?? document.body).querySelectorAll('*')) {
        if (isHidden(element)) continue;
        const box = element.getBoundingClientRect();
        // What reads to screen readers only takes a point of the screen.
        if (box.width <= 1 || box.height <= 1) continue;
        const style = getComputedStyle(element);
        if (element.matches('button, a, input, select, textarea, h1, h2, h3, [role="tab"], [role="menuitem"]') && !inside(element)) {
            if (box.right > innerWidth + 1 || box.left < -1) faults.push(`${name(element)} sticks out: ${Math.round(box.left)} to ${Math.round(box.right)} in ${innerWidth}`);
        }
        const cuts = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
        const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
        if (cuts && words && element.scrollWidth > element.clientWidth + 1 && !element.matches('input, textarea')) {
            faults.push(`${name(element)} is cut: ${element.scrollWidth} in ${element.clientWidth}`);
        }
        const size = parseFloat(style.fontSize);
        if (words && box.width < 8 * size && box.height > 4.5 * size && !element.matches('select')) {
            faults.push(`${name(element)} is squeezed: ${Math.round(box.width)} wide, ${Math.round(box.height)} high`);
        }
    }
    if (over !== undefined) {
        const content = over.getBoundingClientRect();
        if (content.right > innerWidth + 1 || content.left < -1) faults.push(`the dialog sticks out: ${Math.round(content.left)} to ${Math.round(content.right)} in ${innerWidth}`);
    }
    return [...new Set(faults)];
"#;

/// What stays behind the head, the foot or the edge of the dialog on the screen while it has the focus.
const BEHIND: &str = r#"
    if (over === undefined) return done(faults);
    const forward = [...over.querySelectorAll('button, a[href], input, select, textarea, summary, [tabindex="0"]')].filter((element) =>
        !element.disabled && element.closest('[aria-hidden="true"]') === null && element.checkVisibility({ visibilityProperty: true }));
    const stops = [...forward, ...forward.toReversed()];
    const [focused, scrolled] = [document.activeElement, over.scrollTop];
    const look = (at) => {
        if (at === stops.length) {
            focused?.focus({ preventScroll: true });
            over.scrollTop = scrolled;
            return requestAnimationFrame(() => done(faults));
        }
        const element = stops[at];
        element.focus();
        // It is brought into sight some time after that.
        const until = performance.now() + 500;
        const wait = () => {
            const box = element.getBoundingClientRect();
            const edge = Math.min(box.height, 32) / 2;
            // Of something higher than the dialog, one of them is enough.
            const tops = [box.top + edge, box.top + box.height / 2, box.bottom - edge].map((y) =>
                document.elementFromPoint(box.left + box.width / 2, y));
            if (tops.some((top) => top !== null && (element.parentElement.contains(top) || top.contains(element) && over.contains(top)))) {
                return look(at + 1);
            }
            if (performance.now() < until) return requestAnimationFrame(wait);
            faults.push(`${name(element)} has the focus behind ${tops[1] === null ? 'the edge' : name(tops[1])}`);
            look(at + 1);
        };
        requestAnimationFrame(wait);
    };
    look(0);
"#;

/// Lets answers of the native side wait for ever, or be refusals, from now on until the page is loaded anew.
const MEDDLE: &str = r#"
    window.__meddle = MEDDLING;
    if (window.__fetched === undefined) {
        window.__fetched = window.fetch;
        window.fetch = (asked, ...more) => {
            const command = String(asked.url ?? asked).match(/^ipc:\/\/localhost\/([a-z_]+)$/)?.[1];
            const { held, refused, problem } = window.__meddle;
            if (held.includes(command)) return new Promise(() => {});
            if (!refused.includes(command)) return window.__fetched(asked, ...more);
            const headers = { 'content-type': 'application/json', 'tauri-response': 'error' };
            return Promise.resolve(new Response(JSON.stringify(problem), { headers }));
        };
    }
    return true;
"#;

/// Whether nothing moves (but what turns for ever) and the letters are there.
const STILL: &str = "return document.fonts.status === 'loaded'
    && document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity)";
const LOADED: &str = "return document.querySelector('h1') !== null
    && [...document.querySelectorAll('[data-skeleton]')].every((each) => each.getClientRects().length === 0)";
const PAINTED: &str =
    "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 50)))";

impl Window {
    /// Waits until nothing moves or loads any more and that has been painted, so that a picture shows what a person would look at.
    pub fn settles(&self) {
        self.rests(&[STILL, LOADED]);
    }

    /// The same while something loads.
    pub fn settles_loading(&self) {
        self.rests(&[STILL]);
    }

    fn rests(&self, conditions: &[&str]) {
        let rests = || { conditions.iter() }.all(|each| self.script(each) == Value::Bool(true));
        self.until("the window comes to rest", || {
            rests() && self.later(PAINTED) == Value::Bool(true) && rests()
        });
    }

    /// What axe finds on the screen as it is; empty where all is well.
    pub fn audit(&self) -> Vec<String> {
        if self.script("return window.axe === undefined") == Value::Bool(true) {
            let source =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
            let source = std::fs::read_to_string(source).expect("the packages of ui are installed");
            self.later(&format!("{source}; done(true)"));
        }
        lines(&self.later(AXE))
    }

    /// What sticks out or is cut off; empty where all is well.
    pub fn cut_off(&self) -> Vec<String> {
        let mut found = Value::Null;
        // In one script: a toast whose time is over leaves to the side, at any time.
        self.until("nothing moves", || {
            found = self.script(&format!(
                "if (!(() => {{ {STILL} }})()) return null; {BEGIN}{CUT}"
            ));
            found != Value::Null
        });
        let mut faults = lines(&found);
        faults.extend(lines(&self.later(&format!("{BEGIN}{BEHIND}"))));
        faults
    }

    /// Shows a theme without storing it.
    pub fn theme(&self, theme: &str) {
        self.script(&format!(
            "document.documentElement.setAttribute('data-mantine-color-scheme', '{theme}')"
        ));
    }

    /// Zooms as Ctrl + does.
    pub fn zoom(&self, factor: f64) {
        self.later(&format!(
            "window.__TAURI_INTERNALS__.invoke('plugin:webview|set_webview_zoom', {{ value: {factor} }}).then(() => done(true), (error) => done(String(error)))"
        ));
    }

    /// Lets these commands never be answered, until the page is loaded anew.
    pub fn hold(&self, commands: &[&str]) {
        self.meddle(commands, &[]);
    }

    /// Lets these commands fail as if the workspace could not be reached, until the page is loaded anew.
    pub fn refuse(&self, commands: &[&str]) {
        self.meddle(&[], commands);
    }

    fn meddle(&self, held: &[&str], refused: &[&str]) {
        let problem = json!({
            "code": "remote.unreachable",
            "title": "The workspace cannot be reached",
            "detail": "http://127.0.0.1:46113 refused the connection.",
            "hint": "Check the connection and the address, then try again.",
            "retry": true,
        });
        let meddling = json!({ "held": held, "refused": refused, "problem": problem });
        let done = self.script(&MEDDLE.replace("MEDDLING", &meddling.to_string()));
        assert_eq!(done, Value::Bool(true), "answers can be held back");
    }

    /// Gives scripts longer than the driver's half minute.
    pub fn patient(&self) {
        let limits = TimeoutConfiguration::new(
            Some(std::time::Duration::from_secs(120)),
            Some(std::time::Duration::from_secs(120)),
            Some(std::time::Duration::ZERO),
        );
        self.runtime
            .block_on(self.client.update_timeouts(limits))
            .expect("the driver can be told to wait");
    }
}

fn lines(found: &Value) -> Vec<String> {
    found.as_array().map_or_else(
        || vec![format!("the look at it failed: {found}")],
        |all| {
            all.iter()
                .map(|line| line.as_str().unwrap_or_default().to_owned())
                .collect()
        },
    )
}
