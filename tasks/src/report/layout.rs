//! Where the tasks of a plan stand when it is drawn: a column for every stage, edges from left to
//! right. An edge that skips columns passes between the nodes of those, so that it hides none.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981): layers, places for long edges, then an
//! order within each layer by the mean place of the neighbours.

/// The sizes of what is drawn, in pixels.
pub(super) const NODE_WIDTH: f64 = 190.0;
/// The height of a node.
pub(super) const NODE_HEIGHT: f64 = 54.0;
const COLUMN_GAP: f64 = 56.0;
const ROW_GAP: f64 = 14.0;
/// The height that a passing edge takes.
const LANE_HEIGHT: f64 = 8.0;
/// How many nodes without edges stand side by side at least.
const GRID: usize = 4;
/// How often the order is made better, to the right and back.
const SWEEPS: usize = 4;

/// A place, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A plan, laid out.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The upper left corner of each node.
    pub(super) nodes: Vec<Point>,
    /// The points that each edge passes, from the right side of a node to the left side of another.
    pub(super) edges: Vec<Edge>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A drawn dependency.
#[derive(Debug)]
pub(super) struct Edge {
    /// The node that it starts from.
    pub(super) from: usize,
    pub(super) points: Vec<Point>,
}

/// What stands in a column: a node, or an edge that passes.
struct Item {
    node: Option<usize>,
    left: Vec<usize>,
    right: Vec<usize>,
    y: f64,
}

impl Item {
    fn height(&self) -> f64 {
        if self.node.is_some() { NODE_HEIGHT } else { LANE_HEIGHT }
    }
}

/// Lays a plan out. `stages` has the stage of each node, `edges` pairs of nodes: what is depended
/// on, and what depends on it. An edge that leads nowhere further to the right is left out. Nodes
/// without edges stand in rows below the others.
pub(super) fn layout(stages: &[usize], edges: &[(usize, usize)]) -> Layout {
    let runs = |(from, to): &&(usize, usize)| stages[*from] < stages[*to];
    let edges: Vec<(usize, usize)> = edges.iter().filter(runs).copied().collect();
    let mut alone = vec![true; stages.len()];
    for &(from, to) in &edges {
        (alone[from], alone[to]) = (false, false);
    }
    let mut items: Vec<Item> = (0..stages.len()).map(|node| item(Some(node))).collect();
    let joined = || (0..stages.len()).filter(|node| !alone[*node]);
    let mut columns = vec![Vec::new(); joined().map(|node| stages[node] + 1).max().unwrap_or(0)];
    for node in joined() {
        columns[stages[node]].push(node);
    }
    let mut chains = Vec::new();
    for &(from, to) in &edges {
        let mut chain = vec![from];
        for column in &mut columns[stages[from] + 1..stages[to]] {
            column.push(items.len());
            chain.push(items.len());
            items.push(item(None));
        }
        chain.push(to);
        for pair in chain.windows(2) {
            items[pair[0]].right.push(pair[1]);
            items[pair[1]].left.push(pair[0]);
        }
        chains.push((from, chain));
    }
    for _ in 0..SWEEPS {
        order(&mut columns, &mut items, true);
        order(&mut columns, &mut items, false);
    }
    let mut layout = place(&columns, &items, stages.len(), &chains);
    let alone = (0..stages.len()).filter(|node| alone[*node]);
    rows(&mut layout, alone.collect(), columns.len().max(GRID));
    layout
}

fn item(node: Option<usize>) -> Item {
    Item { node, left: Vec::new(), right: Vec::new(), y: 0.0 }
}

/// Sorts every column by where its neighbours on one side stand.
fn order(columns: &mut [Vec<usize>], items: &mut [Item], by_left: bool) {
    let many = columns.len();
    for step in 0..many {
        let column = &mut columns[if by_left { step } else { many - 1 - step }];
        let mean = |at: usize| {
            let near = if by_left { &items[at].left } else { &items[at].right };
            let sum: f64 = near.iter().map(|&at| items[at].y).sum();
            if near.is_empty() { items[at].y } else { sum / near.len() as f64 }
        };
        let mut means: Vec<(f64, usize)> = column.iter().map(|&at| (mean(at), at)).collect();
        means.sort_by(|a, b| a.0.total_cmp(&b.0));
        *column = means.into_iter().map(|(_, at)| at).collect();
        // Stacked around a common middle, so that short columns stand beside the middle of long ones.
        let height: f64 = column.iter().map(|&at| items[at].height() + ROW_GAP).sum();
        let mut y = -height / 2.0;
        for &at in column.iter() {
            items[at].y = y + items[at].height() / 2.0;
            y += items[at].height() + ROW_GAP;
        }
    }
}

fn place(columns: &[Vec<usize>], items: &[Item], nodes: usize, chains: &[(usize, Vec<usize>)]) -> Layout {
    let mut layout = Layout { nodes: vec![Point::default(); nodes], ..Layout::default() };
    let drawn = || columns.iter().flatten().map(|&at| &items[at]);
    let top = drawn().map(|item| item.y - item.height() / 2.0).fold(f64::INFINITY, f64::min);
    let mut x_of = vec![0.0; items.len()];
    for (column, members) in columns.iter().enumerate() {
        for &at in members {
            x_of[at] = left(column);
            layout.width = layout.width.max(left(column) + NODE_WIDTH);
            layout.height = layout.height.max(items[at].y + items[at].height() / 2.0 - top);
            if let Some(node) = items[at].node {
                layout.nodes[node] = Point { x: left(column), y: items[at].y - NODE_HEIGHT / 2.0 - top };
            }
        }
    }
    let edges = chains.iter().map(|(from, chain)| {
        let mut points = Vec::with_capacity(2 * chain.len() - 2);
        for (at, &item) in chain.iter().enumerate() {
            let (x, y) = (x_of[item], items[item].y - top);
            if at > 0 {
                points.push(Point { x, y });
            }
            if at + 1 < chain.len() {
                points.push(Point { x: x + NODE_WIDTH, y });
            }
        }
        Edge { from: *from, points }
    });
    layout.edges = edges.collect();
    layout
}

/// Where a column begins.
fn left(column: usize) -> f64 {
    column as f64 * (NODE_WIDTH + COLUMN_GAP)
}

/// Adds nodes in rows below what is there.
fn rows(layout: &mut Layout, nodes: Vec<usize>, across: usize) {
    let top = if layout.height > 0.0 { layout.height + ROW_GAP } else { 0.0 };
    for (at, node) in nodes.into_iter().enumerate() {
        let (x, y) = (left(at % across), top + (at / across) as f64 * (NODE_HEIGHT + ROW_GAP));
        layout.nodes[node] = Point { x, y };
        layout.width = layout.width.max(x + NODE_WIDTH);
        layout.height = layout.height.max(y + NODE_HEIGHT);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn overlaps(layout: &Layout) -> bool {
        let meet = |a: Point, b: Point| (a.x - b.x).abs() < NODE_WIDTH && (a.y - b.y).abs() < NODE_HEIGHT;
        let nodes = &layout.nodes;
        (0..nodes.len()).any(|at| nodes[..at].iter().any(|other| meet(nodes[at], *other)))
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let layout = layout(&[0, 1, 2], &[(0, 1), (1, 2)]);
        assert!(layout.nodes.iter().all(|node| node.y.abs() < 1e-9), "{layout:?}");
        assert_eq!((layout.height, layout.edges.len()), (NODE_HEIGHT, 2));
    }

    #[test]
    fn an_edge_that_skips_a_stage_passes_beside_its_nodes() {
        let layout = layout(&[0, 1, 2], &[(0, 1), (1, 2), (0, 2)]);
        let (long, between) = (&layout.edges[2], layout.nodes[1]);
        let beside = |point: &Point| point.y < between.y || point.y > between.y + NODE_HEIGHT;
        assert_eq!(long.points.len(), 4);
        assert!(long.points[1..3].iter().all(beside), "{layout:?}");
    }

    #[test]
    fn edges_that_need_not_cross_do_not() {
        // Declared crosswise: c depends on b, d on a.
        let layout = layout(&[0, 0, 1, 1], &[(1, 2), (0, 3)]);
        let y = |node: usize| layout.nodes[node].y;
        assert_eq!(y(0) < y(1), y(3) < y(2));
    }

    #[test]
    fn tasks_that_wait_for_nothing_stand_in_a_grid() {
        let layout = layout(&[0; 10], &[]);
        assert!(layout.width > layout.height && !overlaps(&layout), "{layout:?}");
    }

    #[test]
    fn tasks_that_wait_for_nothing_stand_below_those_that_do() {
        let layout = layout(&[0, 0, 1, 0], &[(1, 2)]);
        let y = |node: usize| layout.nodes[node].y;
        assert!(y(0) >= y(1) + NODE_HEIGHT && y(3) >= y(2) + NODE_HEIGHT, "{layout:?}");
        assert!((y(1) - y(2)).abs() < 1e-9 && !overlaps(&layout), "{layout:?}");
    }

    proptest! {
        #[test]
        fn nodes_never_overlap_and_edges_run_to_the_right(
            stages in prop::collection::vec(0_usize..5, 1..30),
            edges in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..40),
        ) {
            let edges: Vec<_> = edges.iter().map(|(a, b)| (a.index(stages.len()), b.index(stages.len()))).collect();
            let layout = layout(&stages, &edges);
            prop_assert!(!overlaps(&layout));
            for edge in &layout.edges {
                prop_assert!(edge.points.windows(2).all(|pair| pair[0].x < pair[1].x));
            }
            for node in &layout.nodes {
                prop_assert!(node.x + NODE_WIDTH <= layout.width + 1e-6 && node.y >= 0.0);
                prop_assert!(node.y + NODE_HEIGHT <= layout.height + 1e-6);
            }
        }
    }
}
