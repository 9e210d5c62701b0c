//! `link`: what brings a client and a server together by hand.

use keystow_app::contract::{LinkKindView, LinkPickRequest, LinkRequest, LinkView, LinksView};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::words::clean;

pub(super) fn run(
    desk: &Desk<'_>,
    links: LinkRequest,
    copy: Option<u32>,
    open: Option<u32>,
) -> Result<u8, CliError> {
    match (copy, open) {
        (Some(number), _) => copied(desk, LinkPickRequest { links, number }),
        (None, Some(number)) => opened(desk, LinkPickRequest { links, number }),
        (None, None) => listed(desk, links),
    }
}

fn listed(desk: &Desk<'_>, links: LinkRequest) -> Result<u8, CliError> {
    let view = handlers::clients_links(&desk.app, links)?;
    desk.console.show(&view, in_words)?;
    if !desk.console.json {
        for warning in &view.warnings {
            desk.console
                .say(&format!("warning: {}", clean(&warning.text)));
        }
        desk.console.say(match view.links.is_empty() {
            true => "There is nothing to hand to it for this server.",
            false => "--copy N puts one on the clipboard, --open N opens a link.",
        });
    }
    Ok(0)
}

fn in_words(view: &LinksView) -> String {
    let mut text = String::new();
    for (at, link) in view.links.iter().enumerate() {
        text.push_str(&format!(
            "{}. {} ({})\n   {}\n",
            at + 1,
            clean(&link.title),
            kind(link),
            match &link.text {
                Some(link) => clean(link),
                None => format!("has the key in it; --copy {} copies it", at + 1),
            }
        ));
    }
    text
}

fn kind(link: &LinkView) -> &'static str {
    match link.kind {
        LinkKindView::DeepLink => "link",
        LinkKindView::Command | LinkKindView::StdinCommand => "command",
        LinkKindView::Url => "address",
        LinkKindView::Page => "page",
    }
}

fn copied(desk: &Desk<'_>, pick: LinkPickRequest) -> Result<u8, CliError> {
    let copied = handlers::clients_copy_link(&desk.app, pick)?;
    if !desk.console.json {
        desk.console.say(&format!(
            "Copied “{}”. It is taken off the clipboard in {} s.",
            clean(&copied.name),
            copied.clears_after_s
        ));
    }
    desk.console.show(&copied, |_| String::new())?;
    Ok(0)
}

fn opened(desk: &Desk<'_>, pick: LinkPickRequest) -> Result<u8, CliError> {
    let done = handlers::clients_open_link(&desk.app, pick)?;
    if !desk.console.json {
        desk.console
            .say("Opened it. The client asks whether to add the server.");
    }
    desk.console.show(&done, |_| String::new())?;
    Ok(0)
}
