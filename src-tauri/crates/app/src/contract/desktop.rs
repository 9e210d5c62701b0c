//! The window among the programs of the computer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

wire! {
    /// When the window's program runs.
    struct DesktopView {
        /// It is started when the person signs in to the computer.
        launch_at_login: bool,
        /// Closing the window leaves the program beside the clock, where the desktop has a place for that.
        stay_in_tray: bool,
    }
}
