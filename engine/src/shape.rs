//! The edges of a graph as flat arrays, which is all that the scheduler reads.

/// Lists of positions, one for every node, in one allocation.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    starts: Box<[u32]>,
    items: Box<[u32]>,
}

impl Lists {
    pub(crate) fn new(lists: &[Vec<u32>]) -> Self {
        let mut starts = Vec::with_capacity(lists.len() + 1);
        let mut items = Vec::new();
        starts.push(0);
        for list in lists {
            items.extend_from_slice(list);
            starts.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
        }
        Self { starts: starts.into(), items: items.into() }
    }

    pub(crate) fn of(&self, at: usize) -> &[u32] {
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Who waits for whom, and who is a gate.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) dependencies: Lists,
    pub(crate) dependents: Lists,
    /// How many dependencies each node waits for.
    pub(crate) waiting: Box<[u32]>,
    /// The nodes that wait for none.
    pub(crate) roots: Box<[u32]>,
    pub(crate) gates: Box<[bool]>,
}

impl Shape {
    /// The shape of nodes with these dependencies, given by position.
    pub(crate) fn new(dependencies: &[Vec<u32>], gates: Box<[bool]>) -> Self {
        let mut dependents = vec![Vec::new(); dependencies.len()];
        for (node, needs) in (0_u32..).zip(dependencies) {
            for &need in needs {
                dependents[need as usize].push(node);
            }
        }
        let count = |needs: &Vec<u32>| u32::try_from(needs.len()).unwrap_or(u32::MAX);
        let waiting: Box<[u32]> = dependencies.iter().map(count).collect();
        let roots = (0_u32..).zip(&waiting).filter(|(_, needs)| **needs == 0).map(|(node, _)| node).collect();
        Self {
            dependencies: Lists::new(dependencies),
            dependents: Lists::new(&dependents),
            waiting,
            roots,
            gates,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.gates.len()
    }
}
