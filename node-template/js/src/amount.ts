/** Balances as text. */

/** The unit of a chain's balances. */
export interface Unit {
  symbol: string;
  decimals: number;
}

/**
 * An amount as text: `1.5 UNIT`. With `places`, it is cut after that many decimal places, unless
 * nothing would be left of it.
 */
export function showAmount(amount: bigint, unit: Unit, places = unit.decimals): string {
  if (amount < 0n) return `-${showAmount(-amount, unit, places)}`;
  const digits = amount.toString().padStart(unit.decimals + 1, "0");
  const point = digits.length - unit.decimals;
  const [whole, fraction] = [digits.slice(0, point), digits.slice(point)];
  const cut = fraction.slice(0, places);
  const shown = (amount > 0n && /^0*$/.test(whole + cut) ? fraction : cut).replace(/0+$/, "");
  return `${whole}${shown === "" ? "" : `.${shown}`} ${unit.symbol}`;
}
