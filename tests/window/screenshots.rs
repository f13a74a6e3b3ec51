//! Not a test: takes the pictures in `assets/screenshots`, through the real binary on a screen of its
//! own, by keyboard as a planner would. `make screenshots` starts it; it needs Xvfb, xdotool and
//! ImageMagick (Debian packages xvfb, xdotool and imagemagick).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Each view's shortcut, and the name of its picture.
const VIEWS: [(&str, &str); 7] = [
    ("ctrl+1", "map"),
    ("ctrl+2", "layout"),
    ("ctrl+3", "tables"),
    ("ctrl+4", "results"),
    ("ctrl+5", "compare"),
    ("ctrl+6", "explain"),
    ("ctrl+7", "report"),
];

/// A process that ends with the pictures.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        assert!(ended.is_ok(), "a process was left behind");
    }
}

/// A screen with the workbench on it.
struct Screen {
    display: String,
    folder: PathBuf,
}

impl Screen {
    fn run(&self, program: &str, arguments: &[&str]) {
        let status = Command::new(program).args(arguments).env("DISPLAY", &self.display).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "{program} {arguments:?} failed");
    }

    fn key(&self, key: &str) {
        self.run("xdotool", &["key", "--clearmodifiers", key]);
        std::thread::sleep(Duration::from_millis(400));
    }

    fn click(&self, x: i32, y: i32) {
        self.run("xdotool", &["mousemove", &x.to_string(), &y.to_string(), "sleep", "0.3", "click", "1"]);
        std::thread::sleep(Duration::from_millis(600));
    }

    /// Finds something by the palette.
    fn palette(&self, words: &str) {
        self.key("ctrl+k");
        self.run("xdotool", &["type", "--delay", "30", words]);
        std::thread::sleep(Duration::from_millis(400));
        self.key("Return");
    }

    fn shot(&self) -> Vec<u8> {
        let path = self.folder.join("shot.rgb");
        self.run("import", &["-window", "root", "-depth", "8", path.to_str().unwrap()]);
        std::fs::read(path).unwrap()
    }

    /// Waits until nothing on the screen has moved for so long.
    fn rest(&self, still: Duration) {
        let until = Instant::now() + Duration::from_mins(3);
        let (mut last, mut since) = (self.shot(), Instant::now());
        while since.elapsed() < still {
            assert!(Instant::now() < until, "the window never came to rest");
            std::thread::sleep(Duration::from_millis(400));
            let now = self.shot();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
    }

    /// Writes what is on the screen with few colours: the window has few.
    fn save(&self, name: &str) {
        self.rest(Duration::from_millis(1200));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots").join(format!("{name}.png"));
        let png = format!("PNG8:{}", path.display());
        self.run("import", &["-window", "root", "-dither", "None", "-colors", "250", "-define", "png:compression-level=9", "-strip", &png]);
    }
}

#[test]
#[ignore = "takes pictures of the window; needs Xvfb, xdotool and ImageMagick"]
fn take_the_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen { display: ":97".into(), folder: folder.path().to_owned() };
    let quiet = |command: &mut Command| Ending(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let _server = quiet(Command::new("Xvfb").args([&screen.display, "-screen", "0", "1440x900x24", "-noreset"]));
    std::thread::sleep(Duration::from_secs(1));
    let plan = folder.path().join("texas.ron");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/texas.ron"), &plan).unwrap();
    let _window = quiet(
        Command::new(env!("CARGO_BIN_EXE_tokenworks"))
            .arg(&plan)
            .env("DISPLAY", &screen.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("HOME", folder.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME"),
    );
    screen.run("xdotool", &["search", "--sync", "--onlyvisible", "--name", "Tokenworks", "windowfocus"]);
    // The pointer out of the way: nothing is hovered.
    screen.run("xdotool", &["mousemove", "1438", "898"]);
    // The first answer, and the one from cold that replaces it.
    screen.rest(Duration::from_secs(15));
    screen.palette("site abilene");
    for theme in ["dark", "light"] {
        screen.palette(&format!("{theme} theme"));
        for (shortcut, name) in VIEWS {
            screen.key(shortcut);
            if name == "compare" && theme == "dark" {
                // The scenario that changes most, by the list on the right; it is solved beside the window.
                screen.click(545, 207);
                screen.click(560, 306);
                screen.run("xdotool", &["mousemove", "1438", "898"]);
                screen.rest(Duration::from_secs(12));
            }
            screen.save(&format!("{name}-{theme}"));
        }
        screen.key("ctrl+1");
        screen.key("F11");
        screen.save(&format!("presentation-{theme}"));
        screen.key("F11");
    }
}
