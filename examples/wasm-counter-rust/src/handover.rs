//! How a new build takes over from this one: the count as four bytes.

use crate::COUNT;
use std::sync::{atomic::Ordering::Relaxed, Mutex};

static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Another number when the bytes mean something else.
#[no_mangle]
pub extern "C" fn orbit_schema() -> u32 {
    1
}

#[no_mangle]
pub extern "C" fn orbit_save() -> usize {
    let mut bytes = BYTES.lock().unwrap();
    *bytes = COUNT.load(Relaxed).to_le_bytes().to_vec();
    bytes.len()
}

#[no_mangle]
pub extern "C" fn orbit_ptr() -> *const u8 {
    BYTES.lock().unwrap().as_ptr()
}

#[no_mangle]
pub extern "C" fn orbit_alloc(length: usize) -> *mut u8 {
    let mut bytes = BYTES.lock().unwrap();
    *bytes = vec![0; length];
    bytes.as_mut_ptr()
}

#[no_mangle]
pub extern "C" fn orbit_restore() -> u32 {
    match <[u8; 4]>::try_from(BYTES.lock().unwrap().as_slice()) {
        Ok(bytes) => {
            COUNT.store(i32::from_le_bytes(bytes), Relaxed);
            1
        }
        Err(_) => 0,
    }
}
