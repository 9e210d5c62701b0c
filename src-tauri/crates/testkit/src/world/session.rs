//! A session bus of its own, and the keychain daemon on it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use rustix::process::Signal;
use serde::Serialize;
use zbus::Message;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue};

use super::reaper::send;
use super::{World, eventually};

/// The password of every keychain made here.
pub(super) const PASSWORD: &str = "of-a-test-keychain";

/// Longer than a busy machine takes: who leaves before the answer can end the daemon (see [`World::start_keychain`]).
const PATIENCE: Duration = Duration::from_secs(20);

const BUS: &str = "org.freedesktop.DBus";
const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";

/// Its one directory of services is empty but for the prompter where a test asks for it: what is not started is not there.
const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=@SOCKET@</listen>
  <auth>EXTERNAL</auth>
  <servicedir>@SERVICES@</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

pub(super) struct Session {
    bus: Child,
    address: String,
    keychain: Mutex<Option<Child>>,
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon().take() {
            end(&mut daemon);
        }
        end(&mut self.bus);
    }
}

impl Session {
    fn daemon(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.keychain
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

impl World {
    /// A home and a session bus on which nothing keeps secrets; [`World::start_keychain`] starts that.
    pub fn without_keychain() -> Self {
        let mut world = Self::without_bus();
        let run = PathBuf::from(world.var("XDG_RUNTIME_DIR").expect("set for Linux"));
        private(&run);
        let socket = run.join("bus");
        let config = world.root().join("bus.conf");
        let services = world.services();
        std::fs::create_dir(&services).expect("the world is ours");
        let text = CONFIG
            .replace("@SOCKET@", socket.to_str().expect("UTF-8"))
            .replace("@SERVICES@", services.to_str().expect("UTF-8"));
        std::fs::write(&config, text).expect("the world is ours");
        let mut bus = world
            .command("dbus-daemon")
            .arg("--config-file")
            .arg(&config)
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(world.log("bus"))
            .spawn()
            .expect("dbus-daemon is installed");
        let address = first_line(&mut bus);
        assert!(!address.is_empty(), "dbus-daemon did not start");
        world
            .env
            .push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address.clone()));
        world.session = Some(Session {
            bus,
            address,
            keychain: Mutex::new(None),
        });
        world
    }

    /// The address of this world's session bus.
    ///
    /// # Panics
    /// In a world without a bus.
    pub fn bus_address(&self) -> &str {
        &self.session().address
    }

    /// Pid of the keychain daemon.
    ///
    /// # Panics
    /// Where none runs.
    pub fn keychain_pid(&self) -> u32 {
        let daemon = self.session().daemon();
        daemon.as_ref().expect("a keychain daemon runs").id()
    }

    /// Starts the keychain daemon and waits until its default collection is unlocked.
    ///
    /// The collection is kept in the home, so a daemon started again has what the last one wrote. gnome-keyring-daemon 42.1 ends
    /// itself when somebody asks it for a property and leaves the bus before it has looked; one that did is started again.
    pub fn start_keychain(&self) {
        self.start_daemon(PASSWORD);
        eventually("the default collection of the keychain is unlocked", || {
            if self.daemon_has_ended() {
                self.kill_keychain();
                self.start_daemon(PASSWORD);
            }
            self.default_collection_locked() == Some(false)
        });
    }

    /// Starts the keychain daemon as after a login with another password: the collection is there and stays locked, or is not
    /// there at all where none was ever made.
    pub fn start_keychain_locked(&self) {
        if self
            .var("XDG_DATA_HOME")
            .is_some_and(|data| Path::new(data).join("keyrings/login.keyring").exists())
        {
            self.start_daemon("another password");
            eventually("the locked collection shows up", || {
                self.default_collection_locked() == Some(true)
            });
        } else {
            self.start_daemon("");
        }
    }

    /// Locks the default collection, as the person or a screen saver may.
    pub fn lock_keychain(&self) {
        let (bus, collection) = self.default_collection().expect("there is a collection");
        bus.call_method(
            Some(SECRETS),
            SERVICE_PATH,
            Some(SERVICE),
            "Lock",
            &(&[collection][..],),
        )
        .expect("the collection can be locked");
        eventually("the collection is locked", || {
            self.default_collection_locked() == Some(true)
        });
    }

    /// Stops the bus itself in its tracks (`SIGSTOP`): connections are accepted by the system, and nobody speaks.
    pub fn stop_bus(&self) {
        send(self.session().bus.id(), Signal::STOP);
    }

    /// Lets a stopped bus go on (`SIGCONT`).
    pub fn continue_bus(&self) {
        send(self.session().bus.id(), Signal::CONT);
    }

    /// Stops the daemon in its tracks (`SIGSTOP`): it keeps its name on the bus and answers nothing.
    pub fn stop_keychain(&self) {
        send(self.keychain_pid(), Signal::STOP);
    }

    /// Lets a stopped daemon go on (`SIGCONT`).
    pub fn continue_keychain(&self) {
        send(self.keychain_pid(), Signal::CONT);
    }

    /// Kills the daemon and waits until the bus knows that it is gone.
    pub fn kill_keychain(&self) {
        if let Some(mut daemon) = self.session().daemon().take() {
            end(&mut daemon);
        }
        eventually("the keychain's name is free", || !self.has_keychain());
    }

    /// Whether somebody owns the name of the secret service.
    pub fn has_keychain(&self) -> bool {
        let answer = self.ask_bus("NameHasOwner", &(SECRETS,));
        answer.is_some_and(|answer| answer.body().deserialize().unwrap_or_default())
    }

    fn start_daemon(&self, password: &str) {
        let mut running = self.session().daemon();
        assert!(running.is_none(), "a keychain daemon runs already");
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(self.log("keychain"))
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut stdin = daemon.stdin.take().expect("piped above");
        stdin
            .write_all(password.as_bytes())
            .expect("the daemon reads its password");
        drop(stdin);
        *running = Some(daemon);
        drop(running);
        eventually("the keychain owns its name", || self.has_keychain());
    }

    fn daemon_has_ended(&self) -> bool {
        let mut daemon = self.session().daemon();
        daemon
            .as_mut()
            .is_some_and(|daemon| matches!(daemon.try_wait(), Ok(Some(_))))
    }

    fn session(&self) -> &Session {
        self.session.as_ref().expect("this world has a session bus")
    }

    /// `None` where there is no collection.
    fn default_collection_locked(&self) -> Option<bool> {
        let (bus, collection) = self.default_collection()?;
        let asked = ("org.freedesktop.Secret.Collection", "Locked");
        let properties = Some("org.freedesktop.DBus.Properties");
        let answer = bus
            .call_method(Some(SECRETS), collection, properties, "Get", &asked)
            .ok()?;
        let locked: OwnedValue = answer.body().deserialize().ok()?;
        locked.try_into().ok()
    }

    /// Asked for first on every connection: a daemon that does not know one yet ends itself when it is asked for more (see the
    /// keychain's own connections).
    fn default_collection(&self) -> Option<(Connection, OwnedObjectPath)> {
        let bus = self.connect()?;
        let answer = bus
            .call_method(
                Some(SECRETS),
                SERVICE_PATH,
                Some(SERVICE),
                "ReadAlias",
                &("default",),
            )
            .ok()?;
        let collection: OwnedObjectPath = answer.body().deserialize().ok()?;
        (collection.as_str() != "/").then_some((bus, collection))
    }

    /// Where the bus looks for programs it may start.
    pub(super) fn services(&self) -> PathBuf {
        self.root().join("services")
    }

    /// Asks the bus itself.
    pub(super) fn ask_bus(
        &self,
        method: &str,
        arguments: &(impl Serialize + DynamicType),
    ) -> Option<Message> {
        let bus = self.connect()?;
        bus.call_method(
            Some(BUS),
            "/org/freedesktop/DBus",
            Some(BUS),
            method,
            arguments,
        )
        .ok()
    }

    fn connect(&self) -> Option<Connection> {
        Builder::address(self.bus_address())
            .and_then(|builder| builder.method_timeout(PATIENCE).build())
            .ok()
    }

    /// A file for what a daemon of this world has to say.
    pub(super) fn log(&self, name: &str) -> Stdio {
        let path = self.root().join(format!("{name}.log"));
        File::options()
            .create(true)
            .append(true)
            .open(path)
            .map_or_else(|_| Stdio::null(), Stdio::from)
    }
}

pub(super) fn first_line(child: &mut Child) -> String {
    let stdout = child.stdout.take().expect("piped by the caller");
    let mut line = String::new();
    let _ = BufReader::new(stdout).read_line(&mut line);
    line.trim().to_owned()
}

/// A runtime directory must be nobody else's.
fn private(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))
        .expect("the directory is ours");
}
