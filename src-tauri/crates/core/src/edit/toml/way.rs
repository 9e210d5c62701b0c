use super::document::{Document, Kind, NodeId};
use crate::edit::{EditError, Servers};

/// What is there on the way to an entry.
pub(super) struct Way {
    /// The document first, then what each key leads to, as far as the document goes.
    pub(super) nodes: Vec<NodeId>,
    /// The entry, if the whole way is there.
    pub(super) entry: Option<NodeId>,
}

impl Way {
    /// The innermost thing that is there, and how many keys lead to it.
    pub(super) fn innermost(&self) -> (NodeId, usize) {
        let depth = self.nodes.len() - 1;
        (self.nodes[depth], depth)
    }

    /// The map or list of servers.
    pub(super) fn container(&self, servers: &Servers) -> Option<NodeId> {
        self.nodes.get(servers.at.len()).copied()
    }
}

impl Document<'_> {
    /// Walks to the map or list of servers as far as the document goes.
    pub(super) fn nodes_on_way(&self, servers: &Servers) -> Result<Vec<NodeId>, EditError> {
        let mut nodes = vec![NodeId::ROOT];
        let mut table = NodeId::ROOT;
        for (index, key) in servers.at.iter().enumerate() {
            let Some(child) = self.child(table, key) else {
                return Ok(nodes);
            };
            let list = index + 1 == servers.at.len() && servers.named_by.is_some();
            let (fits, wanted) = match self.node(child).kind {
                Kind::Table { .. } | Kind::Inline => (!list, "an array"),
                Kind::Tables | Kind::Array => (list, "a table"),
                Kind::Scalar => (false, if list { "an array" } else { "a table" }),
            };
            if !fits {
                return Err(EditError::WrongType {
                    place: self.place_of(child),
                    what: format!("{key:?}"),
                    found: self.type_of(child),
                    wanted,
                });
            }
            nodes.push(child);
            table = child;
        }
        if servers.at.is_empty() && servers.named_by.is_some() {
            return Err(EditError::WrongType {
                place: self.place(0),
                what: "the document".to_owned(),
                found: "a table",
                wanted: "an array",
            });
        }
        Ok(nodes)
    }

    /// Walks to the entry as far as the document goes.
    pub(super) fn way(&self, servers: &Servers, name: &str) -> Result<Way, EditError> {
        let nodes = self.nodes_on_way(servers)?;
        let mut way = Way { nodes, entry: None };
        let Some(container) = way.container(servers) else {
            return Ok(way);
        };
        way.entry = match &servers.named_by {
            None => self.child(container, name),
            Some(named_by) => {
                let mut found = self
                    .children(container)
                    .filter(|item| self.name_of(*item, named_by).as_deref() == Some(name));
                let first = found.next();
                if let Some(second) = found.next() {
                    return Err(EditError::DuplicateKey {
                        place: self.place_of(second),
                        key: name.to_owned(),
                    });
                }
                first
            }
        };
        Ok(way)
    }

    /// The names of all entries.
    pub(super) fn names(&self, container: NodeId, servers: &Servers) -> Vec<String> {
        match &servers.named_by {
            None => self
                .children(container)
                .map(|child| self.key(child).into_owned())
                .collect(),
            Some(named_by) => self
                .children(container)
                .filter_map(|item| self.name_of(item, named_by))
                .collect(),
        }
    }

    fn name_of(&self, item: NodeId, named_by: &str) -> Option<String> {
        let name = self.child(item, named_by)?;
        match self.value(name) {
            Ok(serde_json::Value::String(name)) => Some(name),
            _ => None,
        }
    }
}
