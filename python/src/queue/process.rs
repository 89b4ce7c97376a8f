//! Forks, and the end of the process.
//!
//! A child of a fork has the parent's memory and none of its threads: every queue begins anew there. At the end of a process, what waits is
//! sent. Both are heard of through Python's own hooks (`os.register_at_fork`, `atexit`), and in a child of `multiprocessing`, which ends
//! without `atexit`, through `multiprocessing.util`.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use scouter_client::queue::Ender;

use super::shared::Shared;

/// How long a queue that nobody ended is sent for at the end of the process.
const LAST: Duration = Duration::from_secs(10);
/// How long to wait before listening for signals again.
pub(super) const LISTEN: Duration = Duration::from_millis(50);

/// The queues of this process: those that can be used, and the ends of all that may still be sending. Only ever locked by a thread that has
/// the interpreter, and not for longer than it has it: no fork finds them locked.
static QUEUES: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());
static ENDERS: Mutex<Vec<Ender>> = Mutex::new(Vec::new());
static HOOKS: PyOnceLock<()> = PyOnceLock::new();

/// Has an eye on a queue until its end.
pub(super) fn watch(py: Python<'_>, shared: &Arc<Shared>) -> PyResult<()> {
    HOOKS.get_or_try_init(py, || hook(py))?;
    end_with_multiprocessing(py)?;
    let mut queues = QUEUES.lock().unwrap_or_else(PoisonError::into_inner);
    queues.retain(|queue| queue.strong_count() > 0);
    queues.push(Arc::downgrade(shared));
    remember(shared);
    Ok(())
}

fn remember(shared: &Shared) {
    let mut enders = ENDERS.lock().unwrap_or_else(PoisonError::into_inner);
    enders.retain(|ender| !ender.has_ended());
    enders.push(shared.queue().ender());
}

fn hook(py: Python<'_>) -> PyResult<()> {
    let module = py.import("scouter._scouter")?;
    py.import("atexit")?.call_method1("register", (module.getattr("_end_queues")?,))?;
    let hooks = PyDict::new(py);
    hooks.set_item("after_in_child", module.getattr("_begin_queues_anew")?)?;
    py.import("os")?.call_method("register_at_fork", (), Some(&hooks))?;
    Ok(())
}

/// In a child of `multiprocessing`, has it end the queues before it leaves.
fn end_with_multiprocessing(py: Python<'_>) -> PyResult<()> {
    let modules = py.import("sys")?.getattr("modules")?;
    let util = modules.call_method1("get", ("multiprocessing.util",))?;
    let process = modules.call_method1("get", ("multiprocessing.process",))?;
    if util.is_none() || process.is_none() || process.call_method0("parent_process")?.is_none() {
        return Ok(());
    }
    let end = py.import("scouter._scouter")?.getattr("_end_queues")?;
    let priority = PyDict::new(py);
    priority.set_item("exitpriority", 10)?;
    util.call_method("Finalize", (py.None(), end), Some(&priority))?;
    Ok(())
}

/// Called in the child of a fork.
#[pyfunction]
#[pyo3(name = "_begin_queues_anew")]
pub(crate) fn begin_queues_anew(py: Python<'_>) -> PyResult<()> {
    let queues = QUEUES.lock().unwrap_or_else(PoisonError::into_inner).clone();
    {
        let mut enders = ENDERS.lock().unwrap_or_else(PoisonError::into_inner);
        // What the parent has under way is the parent's.
        mem::forget(mem::take(&mut *enders));
    }
    for shared in queues.iter().filter_map(Weak::upgrade) {
        shared.begin_anew();
        remember(&shared);
    }
    // `multiprocessing` forgets what was registered before the child runs, and calls this later than that.
    let modules = py.import("sys")?.getattr("modules")?;
    let util = modules.call_method1("get", ("multiprocessing.util",))?;
    if !util.is_none() {
        let module = py.import("scouter._scouter")?;
        util.call_method1("register_after_fork", (&module, module.getattr("_end_with_multiprocessing")?))?;
    }
    Ok(())
}

/// Called by `multiprocessing` in its children, before what they run.
#[pyfunction]
#[pyo3(name = "_end_with_multiprocessing")]
pub(crate) fn after_fork(py: Python<'_>, _module: &Bound<'_, PyAny>) -> PyResult<()> {
    end_with_multiprocessing(py)
}

/// Called at the end of the process: sends what waits, for ten seconds at most.
#[pyfunction]
#[pyo3(name = "_end_queues")]
pub(crate) fn end_queues(py: Python<'_>) -> PyResult<()> {
    let enders = mem::take(&mut *ENDERS.lock().unwrap_or_else(PoisonError::into_inner));
    for ender in &enders {
        ender.close(LAST);
    }
    for ender in &enders {
        while !py.detach(|| ender.wait_for_end(LISTEN)) {
            py.check_signals()?;
        }
    }
    let queues = QUEUES.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for shared in queues.iter().filter_map(Weak::upgrade) {
        shared.tell_all(py);
    }
    Ok(())
}
