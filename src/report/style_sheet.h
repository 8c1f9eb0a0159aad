// The look of a report: one sheet for pages and their charts.
#pragma once

namespace arf {

inline constexpr const char* kStyleSheet = R"css(
:root { color-scheme: light dark;
  --paper: #ffffff; --panel: #f6f7f9; --ink: #1b1f24; --ink-2: #59636e; --line: #d5dae0;
  --c0: #1f5fa8; --c1: #c2571a; --c2: #2b7a4b; --c3: #8a3fa0; --c4: #9a7b0c; --c5: #b3304f; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171b; --panel: #1d2126; --ink: #e7eaee; --ink-2: #9aa5b1; --line: #363d46;
  --c0: #6fa8ea; --c1: #f0965a; --c2: #6cc490; --c3: #cf92e0; --c4: #d9bd55; --c5: #f0839b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 8px; padding-top: 14px; border-top: 1px solid var(--line); }
h3 { font-size: 13px; margin: 0 0 4px; color: var(--ink-2); font-weight: 600; white-space: pre-line; }
.lead, .note { color: var(--ink-2); margin: 0 0 12px; max-width: 76ch; }
.wide { overflow-x: auto; margin-bottom: 12px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th { color: var(--ink-2); font-weight: 600; border-bottom: 1px solid var(--line);
  vertical-align: bottom; }
th, td { text-align: right; padding: 5px 9px; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.words th, .words td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.words td:first-child { color: var(--ink-2); white-space: nowrap; vertical-align: top; }
tbody tr + tr td { border-top: 1px solid var(--line); }
.marked td { font-weight: 650; }
.charts { display: grid; gap: 16px; margin: 12px 0;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
figure { margin: 0; padding: 10px; background: var(--panel); border-radius: 8px;
  break-inside: avoid; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--ink-2); font-family: inherit; }
svg .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
svg .ink { fill: var(--ink); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .reference { stroke: var(--ink-2); stroke-width: 1; stroke-dasharray: 4 3; }
svg .whisker { stroke: var(--ink); stroke-width: 1.5; }
svg .raw { fill: none; stroke-width: 1; opacity: .35; }
svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg .k0 { stroke: var(--c0); } svg .k1 { stroke: var(--c1); } svg .k2 { stroke: var(--c2); }
svg .k3 { stroke: var(--c3); } svg .k4 { stroke: var(--c4); } svg .k5 { stroke: var(--c5); }
svg .f0 { fill: var(--c0); } svg .f1 { fill: var(--c1); } svg .f2 { fill: var(--c2); }
svg .f3 { fill: var(--c3); } svg .f4 { fill: var(--c4); } svg .f5 { fill: var(--c5); }
article { background: var(--panel); border-radius: 8px; padding: 12px 14px; margin: 12px 0;
  break-inside: avoid; }
.prompt { margin: 0 0 10px; font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
.replies { display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr)); }
.replies p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
em { color: var(--ink-2); }
details { margin: 10px 0; } summary { cursor: pointer; color: var(--ink-2); }
pre { background: var(--panel); padding: 12px; border-radius: 8px; overflow-x: auto;
  font-size: 12.5px; }
@media print { :root { --paper: #fff; --panel: #fff; --ink: #000; --ink-2: #444; --line: #bbb;
    --c0: #1f5fa8; --c1: #c2571a; --c2: #2b7a4b; --c3: #8a3fa0; --c4: #9a7b0c; --c5: #b3304f; }
  main { max-width: none; padding: 0; } figure, article { border: 1px solid var(--line); } }
)css";

}  // namespace arf
