//! Medians, geometric means of ratios, and how sure they are.

/// A generator of pseudo-random numbers (SplitMix64), the same on every run.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// An index below `bound`, which is not zero. For the small bounds here the bias is nothing.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// The median; not a number for no values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (
        sorted.len() % 2,
        sorted.get(middle),
        middle.checked_sub(1).and_then(|below| sorted.get(below)),
    ) {
        (1, Some(value), _) => *value,
        (0, Some(above), Some(below)) => f64::midpoint(*above, *below),
        _ => f64::NAN,
    }
}

/// The geometric mean of positive values; not a number for no values.
pub fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

/// A value and the interval in which it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Times of one workload: ours, and those of each configuration of a peer, round by round.
#[derive(Clone, Debug)]
pub struct Pair<'a> {
    /// Ours.
    pub own: &'a [f64],
    /// The peer's configurations; the best of them counts.
    pub peers: Vec<&'a [f64]>,
}

impl Pair<'_> {
    /// Our median time over the best of the peer's, from the values at these places.
    fn ratio(&self, choose: &mut dyn FnMut(&[f64]) -> Vec<f64>) -> f64 {
        let own = median(&choose(self.own));
        let best =
            self.peers.iter().map(|peer| median(&choose(peer))).fold(f64::INFINITY, f64::min);
        own / best
    }

    /// Our median time over the best of the peer's.
    pub fn median_ratio(&self) -> f64 {
        self.ratio(&mut <[f64]>::to_vec)
    }
}

const SEED: u64 = 0x7465_7068_7261;
const RESAMPLES: usize = 2000;

/// The geometric mean over workloads of the ratio of medians, with an interval by bootstrap: rounds
/// are drawn again, with replacement.
pub fn mean_ratio(pairs: &[Pair<'_>]) -> Option<Estimate> {
    if pairs.is_empty() {
        return None;
    }
    let mean = |choose: &mut dyn FnMut(&[f64]) -> Vec<f64>| {
        let ratios: Vec<f64> = pairs.iter().map(|pair| pair.ratio(choose)).collect();
        geometric_mean(&ratios)
    };
    let value = mean(&mut <[f64]>::to_vec);
    let mut random = Random::new(SEED);
    let mut draw = |values: &[f64]| -> Vec<f64> {
        (0..values.len()).filter_map(|_| values.get(random.below(values.len())).copied()).collect()
    };
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| mean(&mut draw)).collect();
    means.sort_by(f64::total_cmp);
    let at = |part: f64| {
        means.get((part * (RESAMPLES - 1) as f64) as usize).copied().unwrap_or(f64::NAN)
    };
    Some(Estimate { value, low: at(0.025), high: at(0.975) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn the_geometric_mean_of_a_ratio_and_its_inverse_is_one() {
        assert!((geometric_mean(&[4.0, 0.25]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_best_configuration_of_a_peer_counts() {
        let pair = Pair { own: &[2.0], peers: vec![&[8.0], &[4.0]] };
        assert_eq!(pair.median_ratio(), 0.5);
    }

    #[test]
    fn an_estimate_lies_in_its_interval_and_is_the_same_every_time() {
        let (own, peer) = ([1.0, 1.2, 0.9, 1.1, 1.0], [2.0, 2.1, 1.9, 2.4, 2.0]);
        let pairs = [Pair { own: &own, peers: vec![&peer] }];
        let estimate = mean_ratio(&pairs).unwrap();
        assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{estimate:?}");
        assert!(estimate.low < estimate.high);
        assert_eq!(mean_ratio(&pairs), Some(estimate));
    }

    #[test]
    fn without_workloads_there_is_no_estimate() {
        assert_eq!(mean_ratio(&[]), None);
    }
}
