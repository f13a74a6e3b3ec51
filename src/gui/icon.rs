//! The program's icon, as the desktop draws it for a window that no desktop entry stands for.

use resvg::tiny_skia::{Pixmap, Transform};

/// The drawing that packages install, too.
const DRAWING: &str = include_str!("../../assets/desktop/tokenworks.svg");

/// The icon; nothing if the drawing could not be read.
#[must_use]
pub(super) fn icon() -> Option<egui::IconData> {
    let tree = usvg::Tree::from_str(DRAWING, &usvg::Options::default()).ok()?;
    let (width, height) = (tree.size().width() as u32, tree.size().height() as u32);
    let mut pixmap = Pixmap::new(width, height)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let rgba =
        pixmap.pixels().iter().map(|pixel| pixel.demultiply()).flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]);
    Some(egui::IconData { rgba: rgba.collect(), width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_is_a_picture_with_clear_corners() {
        let icon = icon().unwrap();
        assert_eq!((icon.width, icon.height, icon.rgba.len()), (128, 128, 4 * 128 * 128));
        assert_eq!(icon.rgba[3], 0, "the corner is clear");
        assert!(icon.rgba.chunks(4).filter(|pixel| pixel[3] == 255).count() > 10_000);
    }
}
