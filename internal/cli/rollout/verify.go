package rollout

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"berth/internal/check"
	"berth/internal/cli/folder"
	"berth/internal/cli/problem"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/deploy/verify"
	"berth/internal/document"
	"berth/internal/manifest"
	"berth/internal/manifest/image"
	registries "berth/internal/observe/image"
	"berth/internal/observe/service"
	"berth/internal/registry"
	"berth/internal/render/finding"
)

// verify looks whether an order can come to a good end, and changes nothing. An error among the findings is exit 3, or 5 where the
// deployment would take tasks away all the same.
func (j job) verify(ctx context.Context, order folder.Order) error {
	s, err := j.run.Look(ctx)
	if err != nil {
		return err
	}
	f, err := service.Facts(ctx, j.Cloud, j.run.Scope, s)
	if err != nil {
		return err
	}
	if f.Images, err = j.images(ctx, s.Order.Definition); err != nil {
		return err
	}
	found := withRefusal(verify.Check(s.Order, f), deploy.Decide(s))
	if err := j.tell(s.Order, slices.Concat(warned(order.Warnings), listed(found))); err != nil {
		return err
	}
	switch {
	case verify.Outage(s.Order, f, found):
		return problem.Quiet(problem.Refused)
	case verify.Failed(found):
		return problem.Quiet(problem.Misused)
	}
	return nil
}

// withRefusal adds why deploy would refuse the order, unless it is among the findings already.
func withRefusal(found []verify.Finding, now deploy.Decision) []verify.Finding {
	if now.Outcome != deploy.Refused || slices.ContainsFunc(found, func(f verify.Finding) bool { return f.Code == now.Code }) {
		return found
	}
	return append([]verify.Finding{{Code: now.Code, Severity: verify.Error, Text: strings.Join(now.Why, "; "), Fix: now.Fix}}, found...)
}

// images asks the registries. The passwords are those at hand here; none that is stored is read.
func (j job) images(ctx context.Context, def document.Value) (map[string]verify.Image, error) {
	var names []string
	var asked []registry.Image
	for _, c := range def.Get("containerDefinitions").Items {
		name := c.Get("image").Text
		r, err := image.Parse(name)
		if err != nil || slices.Contains(names, name) {
			continue // the folder's own fault
		}
		reference := r.Digest
		if reference == "" {
			reference = r.Tag
		}
		names, asked = append(names, name), append(asked, registry.Image{Host: r.Host, Repository: r.Repository, Reference: reference, Script: r.Script})
	}
	logins, err := j.Logins()
	if err != nil {
		return nil, err
	}
	answers, err := registries.Ask(ctx, j.Cloud, asked, logins)
	if err != nil {
		return nil, err
	}
	out := map[string]verify.Image{}
	for n, a := range answers {
		_, in := logins[asked[n].Host]
		out[names[n]] = verify.Image{State: string(a.State), Platforms: a.Platforms, Note: a.Note, LoggedIn: in || registries.OfECR(asked[n].Host)}
	}
	return out, nil
}

// tell shows what was found.
func (j job) tell(o deploy.Order, all []check.Finding) error {
	name := o.Service
	if name == "" {
		name = o.Definition.Get("family").Text
	}
	if j.JSON() {
		return j.Data(json.MarshalIndent(struct {
			Version  int            `json:"version"`
			Service  string         `json:"service"`
			Cluster  string         `json:"cluster"`
			Findings []finding.JSON `json:"findings"`
		}{1, name, o.Cluster, finding.ForPrograms(all)}, "", "  "))
	}
	if text := finding.Text(all, j.Style(true)); text != "" {
		return j.Print(text + "\n" + summary(name, all) + "\n")
	}
	return j.Print(summary(name, all) + "\n")
}

// summary is what it comes to.
func summary(name string, all []check.Finding) string {
	count := map[check.Severity]int{}
	for _, f := range all {
		count[f.Severity]++
	}
	switch errors, warnings := count[check.Error], count[check.Warning]; {
	case errors > 0:
		return fmt.Sprintf("%s cannot be deployed well as it stands: %s, %s. Nothing was changed.", name, number(errors, "error"), number(warnings, "warning"))
	case warnings > 0:
		return fmt.Sprintf("%s can be deployed; %s. Nothing was changed.", name, number(warnings, "warning"))
	}
	return name + " can be deployed. Nothing was changed."
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// foresee shows before a deployment what would keep it from a good end, as far as AWS alone can tell; registries are not asked. One
// that would take tasks away and bring none is refused, and so is one that no instance can ever have. What cannot be looked at
// keeps nobody from deploying.
func (j job) foresee(ctx context.Context, s deploy.Snapshot) error {
	if deploy.Compare(s).Empty() && !s.Order.Policy.Force {
		return nil
	}
	f, err := service.Facts(ctx, j.Cloud, j.run.Scope, s)
	if err != nil {
		j.Say("not looked at beforehand: %s\n", cloud.Message(err))
		return nil
	}
	found := verify.Check(s.Order, f)
	if shown := listed(found); len(shown) > 0 && !j.JSON() {
		j.Say("%s", finding.Text(shown, j.Style(false)))
	}
	if i := slices.IndexFunc(found, verify.Refused); i >= 0 {
		return &problem.Problem{Code: found[i].Code, Exit: problem.Misused, Text: found[i].Text + ": nothing was registered", Hints: []string{found[i].Fix}}
	}
	if !verify.Outage(s.Order, f, found) {
		return j.hopeless(s, found)
	}
	if j.AllowOutage() {
		return nil
	}
	i := slices.IndexFunc(found, func(f verify.Finding) bool { return f.Severity == verify.Error })
	return &problem.Problem{
		Code: "DEP210", Exit: problem.Refused,
		Text: fmt.Sprintf("the deployment would stop tasks of %s and bring none in their place: %s [%s]", s.Order.Service, found[i].Text, found[i].Code),
		Hints: []string{
			`keep the old tasks until new ones serve: "minimumHealthyPercent": 100 in service.json`,
			"do it all the same: " + j.Place().Command + " --allow-outage",
		},
	}
}

// hopeless refuses what no instance can ever have, unless it is for instances that are still to come.
func (j job) hopeless(s deploy.Snapshot, found []verify.Finding) error {
	if s.Order.Policy.Force || !slices.ContainsFunc(found, verify.Never) {
		return nil
	}
	return &problem.Problem{
		Code: "DEP141", Exit: problem.Misused, Text: "no instance can ever have a task of " + s.Order.Definition.Get("family").Text + ": nothing was registered",
		Hints: []string{"for instances that are still to come deploy it all the same: " + j.Place().Command + " --force"},
	}
}

// listed are findings as every verb shows them.
func listed(all []verify.Finding) []check.Finding {
	var out []check.Finding
	for _, f := range all {
		out = append(out, check.Finding{
			Code: f.Code, Severity: check.Severity(f.Severity), Text: f.Text, Fix: f.Fix, Where: config.Range{File: f.At.File, Line: f.At.Line, Column: f.At.Column},
		})
	}
	return out
}

// warned are the folder's own warnings among them.
func warned(all manifest.Faults) []check.Finding {
	var out []check.Finding
	for _, f := range all {
		text := f.Summary
		if f.Detail != "" {
			text += ". " + f.Detail
		}
		out = append(out, check.Finding{
			Code: f.Code, Severity: check.Severity(f.Severity), Text: text, Fix: f.Hint, Snippet: f.Snippet,
			Where: config.Range{File: f.At.File, Line: f.At.Line, Column: f.At.Column},
		})
	}
	return out
}
