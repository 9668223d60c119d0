//! Essential tasks, without which the node ends.
use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use futures_timer::Delay;
use sc_service::SpawnEssentialTaskHandle;
use sp_core::traits::SpawnEssentialNamed;

/// The time from the end of a task to the end of the node.
const GRACE: Duration = Duration::from_secs(3);

/// Spawns essential tasks that may end when the node does.
///
/// When a node is stopped, tasks end because those that they listen to have ended. Some of them
/// cannot be stopped earlier: one of the transaction pool's tasks blocks its thread until the pool
/// is gone. That is no failure. A task that ends while the node is running still ends the node, a
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

/// Delays the end of a task, by a timer that outlives tokio's runtime.
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
    fn the_end_of_a_task_is_not_reported_before_a_node_that_stops_is_gone() {
        assert!(with_grace(future::ready(())).now_or_never().is_none());
    }
}
