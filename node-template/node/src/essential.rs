//! Tasks without which the node cannot go on.
use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use futures_timer::Delay;
use sc_service::SpawnEssentialTaskHandle;
use sp_core::traits::SpawnEssentialNamed;

/// How long after the end of a task the node ends, unless it is ending already.
const GRACE: Duration = Duration::from_secs(3);

/// Spawns essential tasks that may end when the node does.
///
/// When a node is stopped, tasks end because those that they listen to have ended, and some of them
/// cannot be told to stop before: one of the transaction pool's blocks its thread until the pool
/// is gone. That is no failure. A task that ends while the node goes on still ends the node, a
/// moment later.
#[derive(Clone)]
pub struct Essential(pub SpawnEssentialTaskHandle);

impl SpawnEssentialNamed for Essential {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.0.spawn_blocking(name, group, with_grace(future));
    }

    fn spawn_essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.0.spawn(name, group, with_grace(future));
    }
}

/// A timer of its own: tokio's are gone when its runtime ends.
fn with_grace(task: impl Future<Output = ()> + Send) -> impl Future<Output = ()> + Send {
    task.then(|()| Delay::new(GRACE))
}

#[cfg(test)]
mod tests {
    use futures::{executor::block_on, future};
    use sc_service::TaskManager;
    use tokio::runtime::Runtime;

    use super::*;

    #[test]
    fn a_task_that_ends_ends_the_node() {
        let runtime = Runtime::new().expect("there are threads");
        let mut manager = TaskManager::new(runtime.handle().clone(), None)
            .expect("without metrics nothing can fail");
        let essential = Essential(manager.spawn_essential_handle());
        essential.spawn_essential("test", None, future::ready(()).boxed());
        assert!(block_on(manager.future()).is_err());
    }

    #[test]
    fn a_node_that_is_being_stopped_does_not_hear_of_the_end_of_a_task_first() {
        assert!(with_grace(future::ready(())).now_or_never().is_none());
    }
}
