//! The weight of executions: of gas, of work that has no price in gas, and what a gas limit
//! reserves.
//!
//! The measured weights of the dispatchables are in [`weights`](crate::weights).
mod gas;
mod reservation;
mod work;

pub(crate) use self::gas::gas_of_time;
pub use self::gas::{FixedGasWeight, GasWeight};
pub(crate) use self::reservation::{reserved, work_limit};
pub(crate) use self::work::{WorkExhausted, WorkMeter};
