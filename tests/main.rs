

// A made-up answer whose sums agree.
mod fixture;
// Charts as data, and their tables.
mod charts;
// Pictures, reports, tables and documents as bytes.
mod export;
