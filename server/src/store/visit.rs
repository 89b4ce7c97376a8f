//! Rows that are read one after another, however many there are.

use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{Connection, FromRow, PgConnection, Postgres};

use super::{Store, StoreError};

/// A statement whose rows are read one by one.
pub(super) type Rows<T> = QueryAs<'static, Postgres, T, PgArguments>;

impl Store {
    /// Reads rows one by one, in a transaction that begins with a statement of its own where one is given. It ends at the first error, of the
    /// database or of the visitor.
    pub(super) async fn each<T, E>(
        &self,
        first: Option<&'static str>,
        rows: Rows<T>,
        visit: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static,
        E: From<StoreError>,
    {
        self.each_of(first, [rows], visit).await
    }

    /// The same of the rows of several statements, one after another, in one transaction.
    pub(super) async fn each_of<T, E>(
        &self,
        first: Option<&'static str>,
        rows: impl IntoIterator<Item = Rows<T>, IntoIter: Send> + Send,
        visit: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static,
        E: From<StoreError>,
    {
        let mut lent = self.lend().await.map_err(StoreError::from)?;
        let end = match each(lent.session(), first, rows, visit).await {
            Ok(visited) => Ok(visited),
            Err(Broken::Read(error)) => Err(error),
            // There are rows that nobody reads any more: the connection is closed.
            Err(Broken::Visit(error)) => return Err(error),
        };
        lent.give_back_after(&end);
        Ok(end.map_err(StoreError::from)?)
    }
}

enum Broken<E> {
    Read(sqlx::Error),
    Visit(E),
}

impl<E> From<sqlx::Error> for Broken<E> {
    fn from(error: sqlx::Error) -> Self {
        Self::Read(error)
    }
}

async fn each<T, E>(
    on: &mut PgConnection,
    first: Option<&'static str>,
    rows: impl IntoIterator<Item = Rows<T>, IntoIter: Send> + Send,
    mut visit: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), Broken<E>>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static,
{
    let mut transaction = on.begin().await?;
    if let Some(first) = first {
        sqlx::query(first).execute(&mut *transaction).await?;
    }
    for rows in rows {
        let mut rows = rows.fetch(&mut *transaction);
        while let Some(row) = rows.try_next().await? {
            visit(row).map_err(Broken::Visit)?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
