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
		if !known || !watched(image) || image.Newest == image.ID {
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
	return i.Newest != "" && !i.Missing && (i.Origin != givenImage || built.MatchString(i.Name))
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
		out = append(out, in.at(Finding{
			Severity: Info,
			Text:     fmt.Sprintf("group %s starts from %s, which the file names: nobody will tell when it is out of date", g.Name, g.AMI),
			Fix:      `aws_ecs_ami = ""` + in.inside(g) + " takes the newest once, keeps it, and shows when there is a newer one",
		}, in.Config.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}
