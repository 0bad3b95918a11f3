package ec2

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Image is one public machine image of the catalogue. It is computed, never stored: region, name and date are all of it.
type Image struct {
	ID, Name, Description string
	Architecture          string // x86_64 or arm64
	OwnerID               string
	Created, Published    time.Time // Published is when it can be found, and its parameter says so
	Release               Release
	line                  imageLine
}

// Release is the software in an image; the same in all lines of one month.
type Release struct {
	Ordinal                   int    // counts the catalogue's releases from 0
	Date                      string // 20261015
	AgentVersion              string // of the ECS agent: 1.107.0
	DockerVersion             string // 25.0.17
	Version, Name, SourceName string // of the image
	BottlerocketVersion       string // 1.58.0, Bottlerocket only
}

// imageLine is one family of images that AWS publishes month by month. Braces stand for what a release fills in.
type imageLine struct {
	path   string // of its public parameters
	name   string
	text   string // the images' description
	arch   string
	system string // as the parameter's "os"
	source string // name of the image that it was built from
	disk   string // volume type of the root device
}

func (l imageLine) bottlerocket() bool { return strings.Contains(l.path, "bottlerocket") }

// Owners of the images: the ECS team's account and Bottlerocket's; both go by the alias amazon.
const (
	ownerECS          = "591542846629"
	ownerBottlerocket = "092701018921"
	ownerAlias        = "amazon"
)

const ecsParameters = "/aws/service/ecs/optimized-ami/"

// imageLines are the families of the catalogue (ECS developer guide, "Retrieving Amazon ECS-optimized Linux AMI
// metadata"; Bottlerocket, "Variants").
func imageLines() []imageLine {
	out := []imageLine{
		al2023("amazon-linux-2023", "hvm", "kernel-6.1-x86_64", "x86_64"),
		al2023("amazon-linux-2023/arm64", "hvm", "kernel-6.1-arm64", "arm64"),
		al2023("amazon-linux-2023/gpu", "gpu-hvm", "kernel-6.1-x86_64-ebs", "x86_64"),
		al2023("amazon-linux-2023/neuron", "neuron-hvm", "kernel-6.1-x86_64", "x86_64"),
		al2("amazon-linux-2", "hvm", "x86_64"),
		al2("amazon-linux-2/arm64", "hvm", "arm64"),
		al2("amazon-linux-2/gpu", "gpu-hvm", "x86_64"),
		al2("amazon-linux-2/inf", "inf-hvm", "x86_64"),
		al2("amazon-linux-2/kernel-5.10", "kernel-5.10-hvm", "x86_64"),
		al2("amazon-linux-2/kernel-5.10/arm64", "kernel-5.10-hvm", "arm64"),
		al2("amazon-linux-2/kernel-5.10/gpu", "kernel-5.10-gpu-hvm", "x86_64"),
	}
	for _, variant := range []string{"aws-ecs-2", "aws-ecs-2-nvidia"} {
		for _, arch := range []string{"x86_64", "arm64"} {
			out = append(out, imageLine{
				path: "/aws/service/bottlerocket/" + variant + "/" + arch,
				name: "bottlerocket-" + variant + "-" + arch + "-v{build}",
				text: "bottlerocket-" + variant + "-" + arch + "-v{build}",
				arch: arch, system: "Bottlerocket", disk: "gp3",
			})
		}
	}
	return out
}

func al2023(path, flavour, tail, arch string) imageLine {
	return imageLine{
		path: ecsParameters + path,
		name: "al2023-ami-ecs-" + flavour + "-2023.0.{date}-" + tail,
		text: "Amazon Linux AMI 2023.0.{date} " + arch + " ECS HVM EBS",
		arch: arch, system: "Amazon Linux 2023", disk: "gp3",
		source: "al2023-ami-minimal-2023.{minor}.{date}.0-kernel-6.1-" + arch,
	}
}

func al2(path, flavour, arch string) imageLine {
	return imageLine{
		path: ecsParameters + path,
		name: "amzn2-ami-ecs-" + flavour + "-2.0.{date}-" + arch + "-ebs",
		text: "Amazon Linux AMI 2.0.{date} " + arch + " ECS HVM GP2",
		arch: arch, system: "Amazon Linux 2", disk: "gp2",
		source: "amzn2-ami-minimal-hvm-2.0.{date}.0-" + arch + "-ebs",
	}
}

// firstRelease is the oldest release of the catalogue; four are out when a world begins, and one follows every month.
func firstRelease() time.Time { return time.Date(2026, 7, 15, 20, 14, 32, 0, time.UTC) }

// builtAt is when the n-th release was built; it is published 22 hours later.
func builtAt(n int) time.Time { return firstRelease().AddDate(0, n, 0) }

func publishedAt(n int) time.Time { return builtAt(n).Add(22 * time.Hour) }

// newestRelease is the ordinal of the release that is recommended at the moment, -1 before the first.
func newestRelease(at time.Time) int {
	n := -1
	for !publishedAt(n + 1).After(at) {
		n++
	}
	return n
}

// Images walks the public images of a region as they stand at a moment: line by line, the newest first.
func Images(region string, at time.Time) iter.Seq[Image] {
	newest := newestRelease(at)
	return func(yield func(Image) bool) {
		for _, l := range imageLines() {
			for n := newest; n >= 0; n-- {
				if !yield(l.image(region, n)) {
					return
				}
			}
		}
	}
}

// FindImage looks a public image up by its id.
func FindImage(region, id string, at time.Time) (Image, bool) {
	for i := range Images(region, at) {
		if i.ID == id {
			return i, true
		}
	}
	return Image{}, false
}

func (l imageLine) image(region string, n int) Image {
	r := Release{
		Ordinal:       n,
		Date:          builtAt(n).Format("20060102"),
		AgentVersion:  fmt.Sprintf("1.%d.0", 104+n),
		DockerVersion: fmt.Sprintf("25.0.%d", 14+n),
	}
	owner := ownerECS
	if l.bottlerocket() {
		owner = ownerBottlerocket
		r.BottlerocketVersion = fmt.Sprintf("1.%d.0", 56+n)
	}
	fill := strings.NewReplacer(
		"{date}", r.Date,
		"{minor}", strconv.Itoa(12+n/3),
		"{build}", r.BottlerocketVersion+"-"+digits(r.BottlerocketVersion, 8),
	)
	r.Name, r.SourceName = fill.Replace(l.name), fill.Replace(l.source)
	r.Version = imageVersion(r)
	return Image{
		ID: "ami-0" + digits(region+"/"+r.Name, 16), Name: r.Name, Description: fill.Replace(l.text),
		Architecture: l.arch, OwnerID: owner, Created: builtAt(n), Published: publishedAt(n), Release: r, line: l,
	}
}

// imageVersion is the "image_version" of the public parameter.
func imageVersion(r Release) string {
	switch {
	case r.BottlerocketVersion != "":
		return r.BottlerocketVersion + "-" + digits(r.BottlerocketVersion, 8)
	case strings.HasPrefix(r.Name, "amzn2"):
		return "2.0." + r.Date
	default:
		return "2023.0." + r.Date
	}
}

// Path is where the public parameters of the image's family lie, without a slash at the end.
func (i Image) Path() string { return i.line.path }

// System is the operating system as the public parameter names it: "Amazon Linux 2023", "Amazon Linux 2" or
// "Bottlerocket".
func (i Image) System() string { return i.line.system }

// digits makes n ≤ 64 hex digits that depend on the text alone.
func digits(text string, n int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:n]
}
