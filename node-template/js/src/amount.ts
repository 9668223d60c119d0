/** Balances for people. */

/** How a chain writes its balances. */
export interface Unit {
  symbol: string;
  decimals: number;
}

/** An amount as people read it: `1.5 UNIT`. With `places`, cut after so many decimal places; what is too small to be seen then is shown whole. */
export function showAmount(amount: bigint, unit: Unit, places = unit.decimals): string {
  if (amount < 0n) return `-${showAmount(-amount, unit, places)}`;
  const digits = amount.toString().padStart(unit.decimals + 1, "0");
  const point = digits.length - unit.decimals;
  const [whole, fraction] = [digits.slice(0, point), digits.slice(point)];
  const cut = fraction.slice(0, places);
  const shown = (amount > 0n && /^0*$/.test(whole + cut) ? fraction : cut).replace(/0+$/, "");
  return `${whole}${shown === "" ? "" : `.${shown}`} ${unit.symbol}`;
}
