use super::PATHS;

/// One number a path, on a cache-line boundary: a vector that crosses one costs two loads.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Row<T>(pub [T; PATHS]);

/// Zeros that start on a cache-line boundary.
pub(super) struct Buffer {
    numbers: Vec<f64>,
    start: usize,
    length: usize,
}

impl Buffer {
    pub fn new(length: usize) -> Self {
        const LINE: usize = 64 / size_of::<f64>();
        let numbers = vec![0.0; length + LINE];
        // An address that cannot be aligned only costs time.
        let start = Some(numbers.as_ptr().align_offset(64))
            .filter(|&offset| offset <= LINE)
            .unwrap_or(0);
        Self {
            numbers,
            start,
            length,
        }
    }

    pub fn numbers(&mut self) -> &mut [f64] {
        &mut self.numbers[self.start..self.start + self.length]
    }
}
