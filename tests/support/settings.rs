//! Settings files as people keep them: comments, odd indentation, other servers, no final newline.

use std::path::PathBuf;

use keystow_testkit::World;

/// One client's file.
pub struct Settings {
    /// Under the home directory.
    pub path: &'static str,
    /// Where its entry of ours stands.
    pub pointer: &'static str,
    /// What it holds.
    pub text: &'static str,
}

/// Those of the three clients.
pub const ALL: [Settings; 3] = [
    Settings {
        path: ".config/Claude/claude_desktop_config.json",
        pointer: "/mcpServers/keystow",
        text: "{\n    \"mcpServers\": {\n        \"files\": {\n            \"command\": \"npx\",\n            \"args\": [\"-y\", \"server-files\", \"/home/mira/notes\"]\n        }\n    },\n    \"preferences\": { \"quickEntry\": 1.50 }\n}",
    },
    Settings {
        path: ".cursor/mcp.json",
        pointer: "/mcpServers/keystow",
        text: "{\n   \"mcpServers\": {\n      \"issues\": {\"url\": \"https://example.com/mcp\",\n                 \"headers\": {\"Authorization\": \"Bearer somebody-elses-token-0123456789\"}}\n   }\n}\n",
    },
    Settings {
        path: ".config/Code/User/mcp.json",
        pointer: "/servers/keystow",
        text: "// Servers I use every day.\n{\n\t\"servers\": {\n\t\t\"docs\": { \"type\": \"http\", \"url\": \"https://example.com/docs\" }, // the fast one\n\t},\n\t/* asked for once */\n\t\"inputs\": [],\n}\n",
    },
];

impl Settings {
    /// Its place in a world.
    pub fn place(&self, world: &World) -> PathBuf {
        world.home().join(self.path)
    }

    /// What it holds now.
    pub fn now(&self, world: &World) -> String {
        std::fs::read_to_string(self.place(world)).unwrap_or_default()
    }
}

/// Lays all three into a world.
pub fn lay(world: &World) {
    for file in &ALL {
        let place = file.place(world);
        std::fs::create_dir_all(place.parent().expect("not the root"))
            .expect("folders can be made");
        #[allow(clippy::disallowed_methods)] // a test lays the person's files
        std::fs::write(place, file.text).expect("files can be laid");
    }
}

/// Panics where a file is not as it was laid, byte for byte.
pub fn assert_untouched(world: &World) {
    for file in &ALL {
        assert_eq!(file.now(world), file.text, "{}", file.path);
    }
}
