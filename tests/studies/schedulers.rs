//! Studies spread by schedulers as people have them: GNU parallel, and a Slurm of one node. Where they are not
//! installed the tests say so and pass.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::runs::{Place, words};

fn is_there(program: &str) -> bool {
    let found = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from).into_iter();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.chain(std::env::split_paths(&path)).any(|folder| folder.join(program).is_file())
}

fn job_file(place: &Place, out: &str, engine: &str, shards: &str) -> String {
    let output = place.run("script", out, &["--engine", engine, "--shards", shards]);
    assert!(output.status.success(), "{}", words(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn shell(folder: &Path, script: &Path) -> Output {
    Command::new("sh").arg(script).current_dir(folder).output().unwrap()
}

#[test]
fn gnu_parallel_runs_the_job_file() {
    if !is_there("parallel") {
        println!("GNU parallel is not installed: not tried.");
        return;
    }
    let place = Place::new();
    assert!(place.run("run", "whole", &[]).status.success());
    let script = place.folder.path().join("job.sh");
    fs::write(&script, job_file(&place, "spread", "parallel", "3")).unwrap();
    let output = shell(place.folder.path(), &script);
    if String::from_utf8_lossy(&output.stderr).contains("unrecognized option") {
        println!("`parallel` is another program here: not tried.");
        return;
    }
    assert!(output.status.success(), "{}", words(&output));
    assert!(place.run("merge", "spread", &[]).status.success());
    assert_eq!(place.merged("whole"), place.merged("spread"));
}

/// A Slurm of one node, with its own key, ports and folders; gone at the end.
struct Slurm {
    folder: tempfile::TempDir,
}

impl Slurm {
    /// None if it is not installed, or does not start within some seconds, which is said.
    fn start() -> Option<Self> {
        let programs = ["munged", "slurmctld", "slurmd", "sbatch"];
        if let Some(missing) = programs.into_iter().find(|program| !is_there(program)) {
            println!("`{missing}` is not installed: no Slurm is tried.");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().display().to_string();
        // Only root may start the daemons.
        if !Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n") {
            println!("Slurm's daemons need root: not tried.");
            return None;
        }
        let host = String::from_utf8(Command::new("hostname").arg("-s").output().ok()?.stdout).ok()?.trim().to_owned();
        let port = || TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_or(0, |at| at.port());
        for name in ["state", "spool"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("key"), [7_u8; 1024]).unwrap();
        fs::set_permissions(folder.path().join("key"), fs::Permissions::from_mode(0o400)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // A credential of five seconds: a task that is queued again begins no sooner than its last one ends.
        let conf = format!(
            "ClusterName=test\nSlurmctldHost={host}(127.0.0.1)\nSlurmctldPort={}\nSlurmdPort={}\nSlurmUser=root\nAuthType=auth/munge\n\
             AuthInfo=socket={at}/munge.sock,cred_expire=5\nCredType=cred/munge\nProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n\
             SelectType=select/cons_tres\nReturnToService=2\nKillWait=1\nMpiDefault=none\nStateSaveLocation={at}/state\n\
             SlurmdSpoolDir={at}/spool\nSlurmctldPidFile={at}/slurmctld.pid\nSlurmdPidFile={at}/slurmd.pid\n\
             NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1024\nPartitionName=all Nodes=ALL Default=YES State=UP\n",
            port(),
            port()
        );
        fs::write(folder.path().join("slurm.conf"), conf).unwrap();
        let slurm = Self { folder };
        let munged = ["--force".to_owned()].into_iter().chain(
            [("socket", "munge.sock"), ("key-file", "key"), ("pid-file", "munged.pid"), ("log-file", "munge.log"), ("seed-file", "seed")]
                .map(|(option, name)| format!("--{option}={at}/{name}")),
        );
        slurm.command("munged").args(munged).output().ok()?;
        slurm.command("slurmctld").args(["-L", &format!("{at}/slurmctld.log")]).output().ok()?;
        slurm.command("slurmd").args(["-L", &format!("{at}/slurmd.log")]).output().ok()?;
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            let idle = slurm.command("sinfo").args(["-h", "-o", "%T"]).output();
            if idle.is_ok_and(|output| output.stdout.starts_with(b"idle")) {
                return Some(slurm);
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        println!("Slurm's daemons do not start here: not tried.");
        None
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf")).env("PATH", format!("{path}:/usr/sbin:/usr/local/sbin"));
        command
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        for name in ["slurmd", "slurmctld", "munged"] {
            if let Ok(pid) = fs::read_to_string(self.folder.path().join(format!("{name}.pid"))) {
                let _ = Command::new("kill").arg(pid.trim()).status();
            }
        }
    }
}

#[test]
fn an_array_of_a_real_slurm_with_a_task_killed_and_queued_again_is_one_run() {
    let Some(slurm) = Slurm::start() else { return };
    let place = Place::new();
    assert!(place.run("run", "whole", &[]).status.success());
    let script = job_file(&place, "array", "slurm", "4");
    let (head, exec) = script.rsplit_once("exec ").unwrap();
    // The second task is killed once it has written some points, and queued again by its scheduler.
    let file = place.file("array", "points-2-of-4.jsonl").display().to_string();
    let script = format!(
        "{head}if [ \"$SLURM_ARRAY_TASK_ID\" = 2 ] && [ -z \"$SLURM_RESTART_COUNT\" ]; then\n{command} &\nchild=$!\n\
         while [ \"$(cat '{file}' 2>/dev/null | wc -l)\" -lt 3 ]; do sleep 0.005; done\nkill -9 $child\nwc -l < '{file}' > '{file}.killed'\n\
         scontrol requeue \"$SLURM_JOB_ID\"\nsleep 60\nfi\nexec {exec}",
        command = exec.trim_end()
    );
    let path = place.folder.path().join("job.sbatch");
    fs::write(&path, script).unwrap();
    let output = slurm.command("sbatch").arg("--wait").arg(&path).current_dir(place.folder.path()).output().unwrap();
    let said = || -> String {
        let files = fs::read_dir(place.folder.path()).unwrap().filter_map(|entry| Some(entry.ok()?.path()));
        files.filter(|path| path.extension().is_some_and(|ending| ending == "out")).map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    assert!(output.status.success(), "{}{}", words(&output), said());
    let killed = fs::read_to_string(format!("{file}.killed")).unwrap();
    println!("The task was killed after {} of its points.", killed.trim());
    let merged = place.run("merge", "array", &[]);
    assert!(merged.status.success(), "{}{}", words(&merged), said());
    assert_eq!(place.merged("whole"), place.merged("array"));
}
