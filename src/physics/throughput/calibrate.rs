//! Calibration of the eight constants.
