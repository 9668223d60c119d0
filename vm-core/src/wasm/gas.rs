//! Gas with sub-gas precision.

/// Particles in one gas: the precision of instruction costs (Ewasm's published metering).
pub const PARTICLES_PER_GAS: u64 = 10_000;

/// Particles that the hot part of a tank holds at most.
const HOT_MAX: u64 = 1 << 62;

/// A charge was larger than what was left. It was not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfGas;

/// The gas of one execution.
///
/// Inside it counts particles; outside it speaks of whole gas, rounded so that what was used is
/// rounded up. Any limit of 64 bits works: the interpreter draws from a hot part of one machine
/// word, refilled from a reserve of whole gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasTank {
    /// In particles.
    pub(crate) hot: u64,
    /// In whole gas.
    reserve: u64,
}

impl GasTank {
    /// A tank with this much gas.
    pub fn new(gas: u64) -> Self {
        let hot = gas.min(HOT_MAX / PARTICLES_PER_GAS);
        Self { hot: hot * PARTICLES_PER_GAS, reserve: gas - hot }
    }

    /// Whole gas that is left, rounded down.
    pub fn left(&self) -> u64 {
        // Cannot overflow: only `new` and `give_back` add, and `give_back` saturates.
        self.reserve.saturating_add(self.hot / PARTICLES_PER_GAS)
    }

    /// Particles that are left.
    pub fn particles_left(&self) -> u128 {
        u128::from(self.reserve) * u128::from(PARTICLES_PER_GAS) + u128::from(self.hot)
    }

    /// Takes whole gas.
    ///
    /// # Errors
    /// [`OutOfGas`] when less is left; then nothing is taken.
    pub fn charge(&mut self, gas: u64) -> Result<(), OutOfGas> {
        self.charge_wide(u128::from(gas) * u128::from(PARTICLES_PER_GAS))
    }

    /// Takes particles.
    ///
    /// # Errors
    /// [`OutOfGas`] when fewer are left; then nothing is taken.
    pub fn charge_particles(&mut self, particles: u64) -> Result<(), OutOfGas> {
        match self.hot.checked_sub(particles) {
            Some(hot) => {
                self.hot = hot;
                Ok(())
            }
            None => self.charge_wide(u128::from(particles)),
        }
    }

    /// Sees to it that the hot part holds so many particles.
    pub(crate) fn refill(&mut self, particles: u64) -> Result<(), OutOfGas> {
        self.charge_wide(0)?;
        if self.hot < particles { Err(OutOfGas) } else { Ok(()) }
    }

    /// Takes any number of particles, from the hot part where that is enough, which is quicker.
    ///
    /// # Errors
    /// When there are fewer; then none are taken.
    pub fn charge_any(&mut self, particles: u128) -> Result<(), OutOfGas> {
        match u64::try_from(particles) {
            Ok(particles) => self.charge_particles(particles),
            Err(_) => self.charge_wide(particles),
        }
    }

    /// Takes any number of particles, from the reserve too.
    pub(crate) fn charge_wide(&mut self, particles: u128) -> Result<(), OutOfGas> {
        let per_gas = u128::from(PARTICLES_PER_GAS);
        let total = u128::from(self.reserve) * per_gas + u128::from(self.hot);
        self.set_total(total.checked_sub(particles).ok_or(OutOfGas)?);
        Ok(())
    }

    /// Returns whole gas to the tank, such as what a nested message did not use. Saturates at
    /// 2^64−1 gas.
    pub fn give_back(&mut self, gas: u64) {
        let per_gas = u128::from(PARTICLES_PER_GAS);
        let total = (u128::from(self.reserve) + u128::from(gas)) * per_gas + u128::from(self.hot);
        self.set_total(total.min(u128::from(u64::MAX) * per_gas));
    }

    fn set_total(&mut self, total: u128) {
        let per_gas = u128::from(PARTICLES_PER_GAS);
        // As much as fits goes into the hot part; the rest is whole gas.
        let hot_gas = (total / per_gas).min(u128::from(HOT_MAX / PARTICLES_PER_GAS));
        let hot = hot_gas * per_gas + total % per_gas;
        self.hot = hot as u64;
        self.reserve = ((total - hot) / per_gas) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_any_size_is_kept_exactly() {
        for gas in [0, 1, 65_535, (1 << 62) / PARTICLES_PER_GAS, i64::MAX as u64, u64::MAX] {
            assert_eq!(GasTank::new(gas).left(), gas);
        }
    }

    #[test]
    fn what_was_used_is_rounded_up() {
        let mut tank = GasTank::new(10);
        tank.charge_particles(1).unwrap();
        assert_eq!(tank.left(), 9);
        tank.charge_particles(PARTICLES_PER_GAS - 1).unwrap();
        assert_eq!(tank.left(), 9);
    }

    #[test]
    fn a_charge_that_is_too_large_takes_nothing() {
        let mut tank = GasTank::new(5);
        assert_eq!(tank.charge(6), Err(OutOfGas));
        assert_eq!(tank.left(), 5);
        assert_eq!(tank.charge(5), Ok(()));
        assert_eq!(tank.charge_particles(1), Err(OutOfGas));
    }

    #[test]
    fn the_reserve_is_reached_through_the_hot_part() {
        let mut tank = GasTank::new(u64::MAX);
        tank.charge(u64::MAX - 3).unwrap();
        assert_eq!(tank.left(), 3);
        tank.give_back(u64::MAX - 3);
        assert_eq!(tank.left(), u64::MAX);
        tank.charge_particles(u64::MAX).unwrap();
        assert_eq!(tank.left(), u64::MAX - u64::MAX / PARTICLES_PER_GAS - 1);
    }
}
