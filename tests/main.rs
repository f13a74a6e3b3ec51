
mod plan_file; // plans as texts: reading, printing, round trips
