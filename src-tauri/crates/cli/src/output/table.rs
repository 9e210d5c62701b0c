use super::words::clean;

/// Between two columns.
const GAP: &str = "  ";

/// Rows in aligned columns, for people.
pub(crate) struct Table {
    rows: Vec<Row>,
}

enum Row {
    Cells(Vec<String>),
    /// A title over the rows that follow; as wide as it likes.
    Section(String),
}

impl Table {
    /// A table with these heads.
    pub fn new(heads: &[&str]) -> Self {
        Self {
            rows: vec![Row::Cells(
                heads.iter().map(|head| (*head).to_owned()).collect(),
            )],
        }
    }

    /// A list of names and values, without heads.
    pub fn plain() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a row. Cells may come from outside: they are made harmless here.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        let cells = cells.iter().map(|cell| clean(cell)).collect();
        self.rows.push(Row::Cells(cells));
    }

    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        self.rows.push(Row::Section(title.to_owned()));
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cells = || {
            self.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => Some(cells),
                Row::Section(_) => None,
            })
        };
        let columns = cells().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = cells().filter_map(|row| row.get(column));
                cells
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        for row in &self.rows {
            let row = match row {
                Row::Cells(cells) => cells,
                Row::Section(title) => {
                    writeln!(f, "\n{title}")?;
                    continue;
                }
            };
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            writeln!(f, "{}", cells.join(GAP).trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let mut table = Table::new(&["NAME", "KEY", ""]);
        table.row(["a", "k••1", ""]);
        table.section("A title that is wider than its column");
        table.row(["longer\n", "k", "x"]);
        assert_eq!(
            table.to_string(),
            "NAME     KEY\na        k••1\n\nA title that is wider than its column\nlonger�  k     x\n"
        );
    }
}
