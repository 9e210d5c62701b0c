/// How an entry starts our program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Launch {
    /// As it is.
    Direct,
    /// Through `wsl.exe`: the client runs on Windows, and we in a Linux there.
    Wsl {
        /// Which Linux.
        distro: String,
    },
}

impl Launch {
    /// The command and arguments to write, for a program and its arguments.
    ///
    /// `wsl.exe --exec` starts the program without a shell, so that nothing of them is expanded.
    pub fn command(&self, command: &str, args: &[String]) -> (String, Vec<String>) {
        match self {
            Self::Direct => (command.to_owned(), args.to_vec()),
            Self::Wsl { distro } => {
                let start = ["-d", distro, "--exec", command];
                let args = start.into_iter().map(str::to_owned).chain(args.to_vec());
                ("wsl.exe".to_owned(), args.collect())
            }
        }
    }
}
