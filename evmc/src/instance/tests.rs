use super::*;

#[test]
fn a_panic_ends_where_it_began() {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let answer = guarded(|| panic!("for a test"), || 7);
    std::panic::set_hook(quiet);
    assert_eq!(answer, 7);
}

#[test]
fn machines_are_made_and_destroyed() {
    let vm = create();
    // SAFETY: it is a new machine.
    unsafe {
        assert_eq!((*vm).abi_version, 12);
        assert_eq!(text((*vm).name), Some(c"tephra"));
        assert_eq!(get_capabilities(vm), 2);
        destroy(vm);
        destroy(ptr::null_mut());
    }
}

#[test]
fn an_output_is_null_exactly_when_it_is_empty() {
    for size in [0, 1, 1000] {
        let answer = result(Reply { output: vec![7; size], ..Reply::of_status(0) });
        assert_eq!((answer.output_data.is_null(), answer.output_size), (size == 0, size));
        assert_eq!(answer.release.is_some(), size > 0);
        // SAFETY: it is a result, and released once.
        unsafe { release(&answer) };
    }
    // SAFETY: the ABI does not exclude it.
    unsafe { release(ptr::null()) };
}
