//! `Cell` and `RefCell` behind a lock: a host's futures may move between threads, so what they look at must be able to.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(crate) struct Cell<T>(Mutex<T>);

impl<T: Copy> Cell<T> {
    pub(crate) fn new(value: T) -> Cell<T> {
        Cell(Mutex::new(value))
    }

    pub(crate) fn get(&self) -> T {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }
}

#[derive(Default)]
pub(crate) struct RefCell<T>(Mutex<T>);

impl<T> RefCell<T> {
    pub(crate) fn new(value: T) -> RefCell<T> {
        RefCell(Mutex::new(value))
    }

    pub(crate) fn borrow(&self) -> MutexGuard<'_, T> {
        self.borrow_mut()
    }

    /// A second borrow at the same time is refused, as `RefCell` does, rather than waited for.
    pub(crate) fn borrow_mut(&self) -> MutexGuard<'_, T> {
        self.0.try_lock().expect("it is borrowed already")
    }
}
