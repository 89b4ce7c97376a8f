//! From something to evaluate to a row.

use scouter_tasks::value::{Kind as JsonKind, from_json};
use scouter_wire::MAX_CONTEXT;
use scouter_wire::receipt::RefusalCode;
use scouter_wire::records::Eval;
use uuid::Uuid;

use super::fit::{Misfit, storable};
use crate::store::EvalRow;

/// The row of a record. Its context is read once, as tasks read it: whatever is kept can be evaluated.
pub(super) fn of_eval(profile: Uuid, uid: Uuid, sent: Eval) -> Result<EvalRow, Misfit> {
    let Eval { context, id, session, trace } = sent;
    let context = Box::<str>::from(context).into_string();
    if context.len() > MAX_CONTEXT {
        let reason = format!("its `context` has {} bytes: {MAX_CONTEXT} are the most", context.len());
        return Err((RefusalCode::TooLarge, reason));
    }
    match from_json(&context).map(|value| value.kind()) {
        Ok(JsonKind::Map) => {}
        Ok(other) => {
            return Err((RefusalCode::Type, format!("its `context` is no object: it is {other}")));
        }
        Err(error) => {
            return Err((RefusalCode::Unreadable, format!("its `context` cannot be read: {error}")));
        }
    }
    for (name, text) in [("id", &id), ("session", &session)] {
        text.as_deref().map_or(Ok(()), |text| storable(text, || format!("its `{name}`")))?;
    }
    let trace = trace.as_deref().map(read_trace).transpose()?;
    Ok(EvalRow { profile, uid, id, session, trace, context })
}

/// The identifier of a trace, as OpenTelemetry writes it.
fn read_trace(text: &str) -> Result<[u8; 16], Misfit> {
    let read = Uuid::try_parse(text).ok().filter(|_| text.len() == 32);
    read.map(Uuid::into_bytes).ok_or_else(|| {
        (RefusalCode::Type, format!("its `trace` is `{text}`: a trace has 32 hexadecimal digits"))
    })
}
