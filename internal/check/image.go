package check

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"berth/internal/config"
	"berth/internal/model"
)

// built is the day in the name of an ECS-optimized image: al2023-ami-ecs-hvm-2023.0.20260715-kernel-6.1-x86_64.
var built = regexp.MustCompile(`^(?:al2023|amzn2)-ami-ecs-.*?(20[0-9]{6})`)

// givenImage is what an image's origin says when the file names it.
const givenImage = "given"

// unsupported is a warning, not an error: such instances run, they just get no fixes any more. AWS went on publishing
// images under the old names, so the newest one looks fresh.
func unsupported(in Input) []Finding {
	var names []string
	fix := `ami_family = "al2023"`
	for _, g := range in.Config.Groups {
		if g.AMIFamily != config.AL2 {
			continue
		}
		names = append(names, g.Name)
		if g.AMI != "" {
			fix = `ami_family = "al2023", aws_ecs_ami = ""`
		}
	}
	if len(names) == 0 {
		return nil
	}
	verb := " start from "
	if len(names) == 1 {
		verb = " starts from "
	}
	return []Finding{in.at(Finding{
		Severity: Warning,
		Text:     groupsNamed(names) + verb + "Amazon Linux 2, which is out of support since 2026-06-30: no more security fixes, however new the image is",
		Fix:      fix,
	}, in.Config.Setting(names[0], "ami_family"))}
}

// newerImage is for information: an image is never changed by itself.
func newerImage(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		image, known := in.Facts.Images[g.Name]
		if _, drivers := image.Kind(); !known || !watched(image) || image.Newest == image.ID || image.Origin == givenImage && drivers != g.Accelerator {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Info,
			Text:     fmt.Sprintf("group %s starts from %s%s, and AWS recommends %s now", g.Name, image.ID, in.age(image), image.Newest),
			Fix:      "aws_ecs_ami = " + strconv.Quote(image.Newest) + in.inside(g) + "; running instances keep theirs until they are replaced",
		}, in.Config.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}

// watched tells whether AWS's newest image means anything for this one: an image of one's own is another thing.
func watched(i model.Image) bool {
	family, _ := i.Kind()
	return i.Newest != "" && !i.Missing && (i.Origin != givenImage || family != "")
}

// age says when an image was built, as far as its name tells.
func (in Input) age(i model.Image) string {
	m := built.FindStringSubmatch(i.Name)
	if m == nil {
		return ""
	}
	day, err := time.Parse("20060102", m[1])
	if err != nil {
		return ""
	}
	text := " of " + day.Format(time.DateOnly)
	if in.Have.At.IsZero() || in.Have.At.Before(day) {
		return text
	}
	return text + ", " + quantity(int(in.Have.At.Sub(day).Hours()/24), "day") + " old"
}

// unwatchedImage speaks of images that berth cannot compare with anything.
func unwatchedImage(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		image, known := in.Facts.Images[g.Name]
		if g.AMI == "" || known && (image.Missing || watched(image)) {
			continue
		}
		text := fmt.Sprintf("group %s starts from %s, which the file names: nobody will tell when it is out of date", g.Name, g.AMI)
		if image.Private {
			text += ", and it is another account's, which may stop sharing it"
		}
		out = append(out, in.at(Finding{
			Severity: Info,
			Text:     text,
			Fix:      `aws_ecs_ami = ""` + in.inside(g) + " takes the newest once, keeps it, and shows when there is a newer one",
		}, in.Config.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}

// soonHidden is how long before its deprecation an image is worth a word, in days.
const soonHidden = 90

// hiddenImage speaks of images that AWS lists no more, or soon not (EC2 user guide, "Deprecate an AMI"). They still start, until
// their owner takes them away.
func hiddenImage(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		image, known := in.Facts.Images[g.Name]
		if !known || image.Deprecated.IsZero() || in.Have.At.IsZero() || image.Deprecated.Sub(in.Have.At).Hours() > soonHidden*24 {
			continue
		}
		f := Finding{
			Severity: Warning,
			Text:     fmt.Sprintf("group %s starts from %s, which is deprecated since %s: whoever owns it may take it away, and then no instance starts", g.Name, image.ID, image.Deprecated.Format(time.DateOnly)),
			Fix:      "name a newer one in aws_ecs_ami" + in.inside(g),
		}
		if image.Deprecated.After(in.Have.At) {
			f.Severity = Info
			f.Text = fmt.Sprintf("group %s starts from %s, which will be deprecated on %s", g.Name, image.ID, image.Deprecated.Format(time.DateOnly))
		}
		if image.Newest != "" && image.Newest != image.ID {
			f.Fix = "aws_ecs_ami = " + strconv.Quote(image.Newest) + in.inside(g) + "; running instances keep theirs until they are replaced"
		}
		out = append(out, in.at(f, in.Config.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}

// driverless speaks of AWS's own images by their names; what an image of one's own has in it nobody can tell.
func driverless(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		image := in.Facts.Images[g.Name]
		family, drivers := image.Kind()
		if g.Accelerator == "" || g.AMI == "" || family == "" || drivers == g.Accelerator {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("group %s pays for the accelerators of %s and starts from %s (%s), which has no drivers for them: no task that asks for one will start there",
				g.Name, g.InstanceTypes[0], g.AMI, image.Name),
			Fix: `aws_ecs_ami = ""` + in.inside(g) + " takes the image that has them",
		}, in.Config.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}
