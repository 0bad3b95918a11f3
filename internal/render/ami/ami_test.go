package ami

import (
	"encoding/json"
	"testing"
	"time"

	"berth/internal/ami"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/render/ink"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func view() View {
	older := model.Release{ID: "ami-1", Name: "al2-\x1b[31mone", Built: day(2026, 1, 1), Deprecated: day(2026, 11, 1), Agent: "1.0", Docker: "25"}
	newer := model.Release{ID: "ami-2", Name: "al2-two", Built: day(2026, 12, 1), Deprecated: day(2028, 12, 1)}
	return View{
		At: day(2026, 12, 2), Cluster: "shop", Region: "eu-west-1", Flags: " --sim",
		Report: ami.Report{Groups: []ami.Group{
			{
				Name: "default", Family: "al2", Arch: "x86_64", By: ami.File, Where: config.Range{File: "ecs.tfvars", Line: 3, Column: 5}, Pinned: older, Recommended: newer,
				Newer: true, SupportEnds: day(2026, 6, 30), Launches: "ami-0",
				Runs: []ami.Run{{Release: older, IDs: []string{"i-1", "i-2"}, Stale: true}, {Release: model.Release{ID: "ami-9", Missing: true}, IDs: []string{"i-3"}, Stale: true}},
			},
			{Name: "own", Family: "bottlerocket", Arch: "arm64", Accelerator: "gpu", By: ami.File, Where: config.Range{File: "b.tfvars", Line: 9, Column: 1}, Pinned: model.Release{ID: "ami-3"}, Own: true},
		}},
	}
}

func TestImagesAreToldGroupByGroup(t *testing.T) {
	want := `Images of cluster shop in eu-west-1
2026-12-02 12:00:00 UTC

Group default: Amazon Linux 2, x86_64
  pinned       ami-1, by ecs.tfvars:3:5
               al2-one
               built 2026-01-01, 335 days old · agent 1.0 · Docker 25
               deprecated since 2026-11-01: AWS may take it away, and then no
               instance starts from it
               new instances get ami-0 until berth apply
  recommended  ami-2
               al2-two
               built 2026-12-01, 1 day old · agent unknown · Docker unknown
               AWS deprecates it on 2028-12-01
  support      ended on 2026-06-30: no more security fixes, however new the
               image is; ami_family = "al2023" has them
  instances    ami-1: 2 instances; the group launches another one now
                 i-1, i-2
               ami-9: 1 instance; the group launches another one now
                 i-3
               AWS does not know it any more: no instance can start from it

Group own: Bottlerocket, arm64, gpu
  pinned       ami-3, by b.tfvars:9:1
               agent unknown · Docker unknown
  recommended  AWS recommends none
               the pinned one is an image of one's own, or of another sort:
               nobody can compare the two
  support      no date is known for its end
  instances    none

A newer image is out. Next: berth ami update --sim
`
	if got := view().Text(ink.Style{}); got != want {
		t.Errorf("%s", got)
	}
}

func TestProgramsGetTheImagesToo(t *testing.T) {
	b, err := view().JSON()
	var got jsonReport
	if err != nil || json.Unmarshal(b, &got) != nil {
		t.Fatal(err)
	}
	g := got.Groups[0]
	if !got.Outdated || !g.Newer || g.Pinned.AgeDays == nil || *g.Pinned.AgeDays != 335 || g.SupportEnds != "2026-06-30" || g.Where != "ecs.tfvars:3:5" || len(g.Images) != 2 ||
		!g.Images[1].Missing || got.Groups[1].Comparable || got.Groups[1].Images == nil {
		t.Errorf("%s", b)
	}
}

func TestAnUpdateShowsTheLinesAndWhatComesNext(t *testing.T) {
	u := Update{
		Pins: []ami.Pin{{Group: "default", From: "ami-1", To: "ami-2"}, {Group: "batch", From: "ami-1", To: "ami-2", Top: true}}, Top: "ecs.tfvars:2", Notes: []string{"Group own stays."}, Flags: " --sim",
		Changes: []Change{{Path: "ecs.tfvars", From: "a\naws_ecs_ami = \"ami-1\" # x\nb\n", To: "a\naws_ecs_ami = \"ami-2\" # x\nb\n"}},
	}
	want := `Group own stays.
Group default: ami-1 → ami-2
Group batch: ami-1 → ami-2, which it takes from the top level, ecs.tfvars:2

ecs.tfvars
    a
  - aws_ecs_ami = "ami-1" # x
  + aws_ecs_ami = "ami-2" # x
    b
`
	if got := u.Text(ink.Style{}); got != want {
		t.Errorf("%s", got)
	}
	want = `
Written: 1 file. Running instances keep theirs until they are replaced.

Next
  berth plan --sim
  berth apply --sim
  berth roll --sim
`
	if got := u.Done(ink.Style{}); got != want {
		t.Errorf("%s", got)
	}
	b, err := u.JSON()
	var got jsonUpdate
	if err != nil || json.Unmarshal(b, &got) != nil || got.Written || len(got.Groups) != 2 || !got.Groups[1].Top || got.Files[0] != "ecs.tfvars" || got.Notes[0] != "Group own stays." {
		t.Errorf("%v %s", err, b)
	}
}
