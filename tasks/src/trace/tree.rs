//! The tree that the spans of a trace form.

use std::collections::HashMap;
use std::iter;
use std::sync::Arc;

use smol_str::SmolStr;

use super::error::TraceError;
use super::span::Span;

/// The spans of one trace in order of their start, and who is whose child.
///
/// Built once, in time that grows with the number of spans, whatever their depth. A span is known
/// by its place in [`Trace::spans`]; all other methods take and give such places, and panic on a
/// place that the trace does not have.
///
/// ```
/// use scouter_tasks::trace::{Trace, samples};
///
/// let trace = Trace::new(samples::nested())?;
/// let name = |place: usize| trace.spans()[place].span_name.as_str();
/// let query = trace.spans().iter().position(|span| span.span_name == "db_query").unwrap_or_default();
/// assert_eq!(trace.ancestors(query).map(name).collect::<Vec<_>>(), ["process", "init"]);
/// assert_eq!(trace.children(1).map(name).collect::<Vec<_>>(), ["db_query", "finalize"]);
/// # Ok::<(), scouter_tasks::trace::TraceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trace {
    spans: Vec<Arc<Span>>,
    nodes: Vec<Node>,
    first_root: Option<usize>,
    pre_order: Vec<usize>,
}

/// A span's place in the tree, by places in `spans`.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    parent: Option<usize>,
    first_child: Option<usize>,
    next_sibling: Option<usize>,
    children: usize,
    depth: usize,
}

impl Trace {
    /// The tree of the spans. They are ordered by their start, those that start together as they
    /// were given. A span whose parent is not among them is a root, so that a part of a trace can
    /// be looked at too; there may be several roots, or no span at all. Trace ids are not looked at.
    ///
    /// # Errors
    /// Where two spans have the same id, a span ends before it starts, or spans are their own ancestors.
    pub fn new(spans: impl IntoIterator<Item = impl Into<Arc<Span>>>) -> Result<Self, TraceError> {
        let mut spans: Vec<Arc<Span>> = spans.into_iter().map(Into::into).collect();
        spans.sort_by_key(|span| span.start_time);
        let mut nodes = vec![Node::default(); spans.len()];
        let mut places = HashMap::with_capacity(spans.len());
        for (place, span) in spans.iter().enumerate() {
            if places.insert(span.span_id.as_str(), place).is_some() {
                return Err(TraceError::DuplicateSpan(span.span_id.clone()));
            }
            span.check()?;
        }
        let mut first_root = None;
        // From the last to the first: each goes before its later siblings.
        for (place, span) in spans.iter().enumerate().rev() {
            let parent = span.parent_span_id.as_deref().and_then(|id| places.get(id).copied());
            nodes[place].parent = parent;
            let first = match parent {
                Some(parent) => {
                    nodes[parent].children += 1;
                    &mut nodes[parent].first_child
                }
                None => &mut first_root,
            };
            nodes[place].next_sibling = first.replace(place);
        }
        let pre_order = walk(&mut nodes, first_root);
        if pre_order.len() < spans.len() {
            return Err(TraceError::ParentCycle(cycle(&spans, &nodes, &pre_order)));
        }
        Ok(Self { spans, nodes, first_root, pre_order })
    }

    /// The spans, in order of their start.
    pub fn spans(&self) -> &[Arc<Span>] {
        &self.spans
    }

    /// The spans without a parent in the trace, in order of their start.
    pub fn roots(&self) -> impl Iterator<Item = usize> {
        iter::successors(self.first_root, |&place| self.nodes[place].next_sibling)
    }

    /// The parent of a span.
    pub fn parent(&self, place: usize) -> Option<usize> {
        self.nodes[place].parent
    }

    /// The children of a span, in order of their start.
    pub fn children(&self, place: usize) -> impl Iterator<Item = usize> {
        iter::successors(self.nodes[place].first_child, |&place| self.nodes[place].next_sibling)
    }

    /// How many children a span has.
    pub fn child_count(&self, place: usize) -> usize {
        self.nodes[place].children
    }

    /// The ancestors of a span, its parent first and its root last.
    pub fn ancestors(&self, place: usize) -> impl Iterator<Item = usize> {
        iter::successors(self.parent(place), |&place| self.parent(place))
    }

    /// How many ancestors a span has; 0 for a root.
    pub fn depth(&self, place: usize) -> usize {
        self.nodes[place].depth
    }

    /// The depth of the deepest span, `None` without spans.
    pub fn max_depth(&self) -> Option<usize> {
        self.nodes.iter().map(|node| node.depth).max()
    }

    /// All places, every span before its children and those before their later siblings.
    pub fn pre_order(&self) -> &[usize] {
        &self.pre_order
    }
}

/// The places in pre-order, by a walk without recursion that also counts the depths. It reaches
/// everything that hangs from a root, which is all but the cycles and what hangs from them.
fn walk(nodes: &mut [Node], first_root: Option<usize>) -> Vec<usize> {
    let mut order = Vec::with_capacity(nodes.len());
    let mut next = first_root;
    while let Some(mut place) = next {
        order.push(place);
        let node = &mut nodes[place];
        next = node.first_child;
        if let Some(child) = next {
            nodes[child].depth = nodes[place].depth + 1;
            continue;
        }
        // Up, to the first of the ancestors (or to the leaf itself) that has a later sibling.
        loop {
            next = nodes[place].next_sibling;
            match (next, nodes[place].parent) {
                (Some(sibling), _) => {
                    nodes[sibling].depth = nodes[place].depth;
                    break;
                }
                (None, Some(parent)) => place = parent,
                (None, None) => break,
            }
        }
    }
    order
}

/// The ids of one cycle, each the parent of the one before it.
fn cycle(spans: &[Arc<Span>], nodes: &[Node], reached: &[usize]) -> Vec<SmolStr> {
    let mut seen = vec![false; spans.len()];
    for &place in reached {
        seen[place] = true;
    }
    // A span that no root leads to has a parent, whose way up leads round the cycle at last.
    let up = |place: &usize| nodes[*place].parent;
    let lost = seen.iter().position(|seen| !seen);
    let entry = iter::successors(lost, up).find(|&place| std::mem::replace(&mut seen[place], true));
    let Some(entry) = entry else { return Vec::new() };
    let rest = iter::successors(up(&entry), up).take_while(|&place| place != entry);
    iter::once(entry).chain(rest).map(|place| spans[place].span_id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    fn span(id: usize, parent: Option<usize>, start: i64) -> Span {
        let start = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(start);
        let parent_span_id = parent.map(|parent| SmolStr::from(parent.to_string()));
        Span { parent_span_id, ..Span::new("t", id.to_string(), format!("span {id}"), start) }
    }

    fn ids(trace: &Trace, places: impl IntoIterator<Item = usize>) -> Vec<usize> {
        places.into_iter().map(|place| trace.spans()[place].span_id.parse().unwrap()).collect()
    }

    #[test]
    fn no_spans_make_an_empty_trace() {
        let trace = Trace::new([] as [Span; 0]).unwrap();
        assert_eq!((trace.spans().len(), trace.roots().count(), trace.max_depth()), (0, 0, None));
    }

    #[test]
    fn spans_are_ordered_by_start_and_those_that_start_together_as_given() {
        let trace = Trace::new(vec![span(0, None, 5), span(1, None, 5), span(2, None, 1)]).unwrap();
        assert_eq!(ids(&trace, 0..3), [2, 0, 1]);
    }

    #[test]
    fn a_child_may_start_before_its_parent() {
        let trace = Trace::new(vec![span(0, Some(1), 0), span(1, None, 9)]).unwrap();
        assert_eq!(trace.parent(0), Some(1));
        assert_eq!(ids(&trace, trace.pre_order().to_vec()), [1, 0]);
    }

    #[test]
    fn a_span_whose_parent_is_elsewhere_is_a_root() {
        let trace = Trace::new(vec![span(0, Some(77), 0), span(1, Some(0), 1)]).unwrap();
        assert_eq!(ids(&trace, trace.roots()), [0]);
        assert_eq!(trace.depth(1), 1);
    }

    #[test]
    fn a_span_id_used_twice_is_an_error_that_names_it() {
        let twice = vec![span(0, None, 0), span(7, None, 0), span(7, Some(0), 0)];
        assert_eq!(Trace::new(twice).unwrap_err(), TraceError::DuplicateSpan("7".into()));
    }

    #[test]
    fn a_span_that_ends_before_it_starts_is_an_error_that_names_it() {
        let ended = Span { end_time: Some(span(0, None, 4).start_time), ..span(7, None, 5) };
        let lasted = Span { duration_ms: Some(-1), ..span(7, None, 5) };
        for backwards in [ended, lasted] {
            let error = Trace::new(vec![span(0, None, 0), backwards]).unwrap_err();
            assert_eq!(error.to_string(), "span `span 7` (`7`) ends before it starts");
        }
        let at_once = Span { end_time: Some(span(0, None, 5).start_time), ..span(7, None, 5) };
        assert!(Trace::new(vec![at_once]).is_ok());
    }

    #[test]
    fn spans_that_are_their_own_ancestors_are_an_error_that_names_them() {
        // 1 > 2 > 3 > 1 is the cycle, 4 hangs from it and is not part of it.
        let parents = [None, Some(3), Some(1), Some(2), Some(2)];
        let spans = parents.into_iter().enumerate().map(|(id, parent)| span(id, parent, 0));
        let Err(TraceError::ParentCycle(mut named)) = Trace::new(spans.rev()) else {
            panic!("no cycle");
        };
        named.sort();
        assert_eq!(named, ["1", "2", "3"]);
    }

    #[test]
    fn a_span_that_is_its_own_parent_is_a_cycle() {
        let own = Trace::new(vec![span(0, None, 0), span(5, Some(5), 0)]).unwrap_err();
        assert_eq!(own, TraceError::ParentCycle(vec!["5".into()]));
    }

    #[test]
    fn a_chain_of_100_000_spans_is_walked_without_recursion() {
        let count = 100_000;
        let chain = (0..count).map(|id| span(id, id.checked_sub(1), 0));
        let trace = Trace::new(chain).unwrap();
        assert_eq!(trace.max_depth(), Some(count - 1));
        assert_eq!(trace.ancestors(count - 1).count(), count - 1);
    }

    /// Parents at random: any span, itself and those to come included, or one that is not there.
    fn parents() -> impl Strategy<Value = Vec<(Option<usize>, i64)>> {
        let parent = prop_oneof![1 => Just(None), 4 => (0_usize..40).prop_map(Some)];
        prop::collection::vec((parent, 0_i64..10), 0..30)
    }

    /// The chain of ancestors by plain lookup, or `None` where it never ends.
    fn naive_ancestors(given: &[(Option<usize>, i64)], id: usize) -> Option<Vec<usize>> {
        let mut chain = Vec::new();
        let mut at = id;
        while let Some(parent) = given[at].0.filter(|&parent| parent < given.len()) {
            if chain.len() > given.len() {
                return None;
            }
            chain.push(parent);
            at = parent;
        }
        Some(chain)
    }

    fn naive_pre_order(trace: &Trace, place: usize, order: &mut Vec<usize>) {
        order.push(place);
        let children: Vec<_> = (0..trace.spans().len()).filter(|&c| trace.parent(c) == Some(place)).collect();
        assert_eq!(trace.children(place).collect::<Vec<_>>(), children);
        assert_eq!(trace.child_count(place), children.len());
        for child in children {
            naive_pre_order(trace, child, order);
        }
    }

    proptest! {
        #[test]
        fn any_parents_make_the_tree_that_plain_lookup_finds(given in parents()) {
            let spans = given.iter().enumerate().map(|(id, &(parent, start))| span(id, parent, start));
            let expected: Option<Vec<_>> = (0..given.len()).map(|id| naive_ancestors(&given, id)).collect();
            match (Trace::new(spans), expected) {
                (Ok(trace), Some(expected)) => {
                    for (place, id) in ids(&trace, 0..given.len()).into_iter().enumerate() {
                        prop_assert_eq!(&ids(&trace, trace.ancestors(place)), &expected[id]);
                        prop_assert_eq!(trace.depth(place), expected[id].len());
                    }
                    let mut order = Vec::new();
                    for root in trace.roots() {
                        naive_pre_order(&trace, root, &mut order);
                    }
                    prop_assert_eq!(trace.pre_order(), order);
                }
                (Err(TraceError::ParentCycle(named)), None) => {
                    for (id, parent) in named.iter().zip(named.iter().cycle().skip(1)) {
                        let id: usize = id.parse().unwrap();
                        prop_assert_eq!(given[id].0, Some(parent.parse().unwrap()));
                    }
                    prop_assert!(!named.is_empty());
                }
                (built, expected) => prop_assert!(false, "{built:?}, expected {expected:?}"),
            }
        }
    }
}
