package config

import (
	"cmp"
	"regexp"
	"strings"

	"berth/internal/config/tfvars"
)

var (
	shortName   = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]{0,31}$`)
	notShort    = regexp.MustCompile(`[^a-zA-Z0-9-]+`)
	regionName  = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$`)
	zoneName    = regexp.MustCompile(`^([a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2})([a-z])$`)
	zoneID      = regexp.MustCompile(`^[a-z]+[0-9]+-([a-z]+[0-9]+-)*az[0-9]+$`)
	localZone   = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}-.+$`)
	profileText = regexp.MustCompile(`^[^\pC]*$`)
)

// identity reads what the cluster is called and where it lives.
func (s settings) identity(c *Config) {
	c.Environment, _ = s.text("environment")
	s.checkName("environment", c.Environment)
	c.Cluster, _ = s.text("cluster")
	s.checkName("cluster", c.Cluster)
	if _, given := s.values["cluster"]; !given {
		c.Cluster = c.Environment
	}
	c.Region = s.region()
	c.Profile, _ = s.text("aws_profile")
	if !profileText.MatchString(c.Profile) {
		s.Fail(s.values["aws_profile"].At, Fault{
			Code: codeIllegalText, Summary: "aws_profile holds control characters", Hint: "name a profile of ~/.aws/config, or leave it out",
		})
	}
	if c.Profile == "default" {
		c.Profile = ""
	}
}

// checkName checks environment and cluster, which every AWS name begins with.
func (s settings) checkName(name, text string) {
	v, given := s.values[name]
	if _, isText := v.Text(); !given || !isText {
		return
	}
	f := Fault{Code: codeIllegalName, Summary: name + " cannot be " + tfvars.Quote(text)}
	switch lower := strings.ToLower(text); {
	case !shortName.MatchString(text):
		f.Detail = "It begins with a letter, goes on with letters, digits and hyphens, and has at most 32 characters."
		f.Hint = "write " + name + " = " + tfvars.Quote(cmp.Or(fixName(text), "acc"))
		if text == "" && name == "cluster" {
			f.Hint = "leave cluster out: then it is called like the environment"
		}
	case strings.HasSuffix(text, "-"):
		f.Detail = "Load balancers and buckets are named after it, and AWS refuses their names with a hyphen at the end."
		f.Hint = "write " + name + " = " + tfvars.Quote(strings.TrimRight(text, "-"))
	case name == "environment" && (lower == "internal" || strings.HasPrefix(lower, "internal-")):
		f.Detail = `AWS refuses load balancers whose names begin with "internal-".`
		f.Hint = `choose another name, such as "intern"`
	default:
		return
	}
	s.Fail(v.At, f)
}

// fixName is the nearest legal name, or "" when there is none.
func fixName(text string) string {
	fixed := strings.Trim(notShort.ReplaceAllString(text, "-"), "-")
	fixed = strings.TrimRight(fixed[:min(len(fixed), 32)], "-")
	if !shortName.MatchString(fixed) {
		return ""
	}
	return fixed
}

// region returns "" when the region is missing or wrong, so that zones are not measured against it.
func (s settings) region() string {
	text, ok := s.text("aws_region")
	if !ok || regionName.MatchString(text) {
		return text
	}
	f := Fault{
		Code: codeRegion, Summary: "aws_region cannot be " + tfvars.Quote(text), Hint: `a region is written like "eu-west-1"`,
	}
	if m := zoneName.FindStringSubmatch(text); m != nil {
		f.Hint = "this is a zone; its region is " + tfvars.Quote(m[1])
	}
	s.Fail(s.values["aws_region"].At, f)
	return ""
}
