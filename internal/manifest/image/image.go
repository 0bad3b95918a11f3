// Package image reads the names of container images.
//
// In: a name as it stands in a container definition. Out: its registry, repository, tag and digest, by the rules of Docker and
// the OCI distribution specification. It asks no registry.
//
// Behind a name under berth.sim/ may stand a question mark and keys, which say how the image behaves; nowhere else.
package image

import (
	"fmt"
	"regexp"
	"strings"
)

// DockerHub is the registry of names that name none.
const DockerHub = "docker.io"

// Scripted is the registry whose names may say how their images behave.
const Scripted = "berth.sim"

// Reference is the name of an image.
type Reference struct {
	Host       string // of the registry, with its port unless that is 443: "docker.io", "ghcr.io", "localhost:5000"
	Repository string // "library/nginx", "acme/web"
	Tag        string // "latest" when neither tag nor digest is given
	Digest     string // "sha256:…", or empty
	Script     string // what stands behind the question mark, of images under berth.sim/
}

// String is the name in full.
func (r Reference) String() string {
	s := r.Host + "/" + r.Repository
	if r.Tag != "" {
		s += ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	if r.Script != "" {
		s += "?" + r.Script
	}
	return s
}

// Moves tells whether the name may mean another image tomorrow: it has neither a digest nor a tag that tells a version.
func (r Reference) Moves() bool { return r.Digest == "" && r.Tag == "latest" }

var (
	hostText   = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(:[0-9]{1,5})?$`)
	pathText   = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)
	tagText    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digestText = regexp.MustCompile(`^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$`)
	sha256Text = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	scriptText = regexp.MustCompile(`^[a-z-]+(=[A-Za-z0-9.=-]+)?(&[a-z-]+(=[A-Za-z0-9.=-]+)?)*$`)
)

// Parse reads a name. The error says what is wrong, on one line without full stop, and does not repeat the name.
func Parse(name string) (Reference, error) {
	rest, script, asked := strings.Cut(name, "?")
	r := Reference{Script: script}
	switch {
	case strings.Contains(name, "://"):
		return r, fmt.Errorf("an image's name begins with the host, not with a scheme such as https://")
	case strings.ContainsAny(name, " \t\r\n"):
		return r, fmt.Errorf("an image's name has no white space")
	case asked && !strings.HasPrefix(rest, Scripted+"/"):
		return r, fmt.Errorf("an image's name has no question mark; only names under %s/ say behind one how they behave", Scripted)
	case asked && !scriptText.MatchString(script):
		return r, fmt.Errorf("behind the question mark stand keys: boot=20s&crash=60s")
	}
	rest, r.Digest, asked = strings.Cut(rest, "@")
	if asked && (!digestText.MatchString(r.Digest) || strings.HasPrefix(r.Digest, "sha256:") && !sha256Text.MatchString(r.Digest)) {
		return r, fmt.Errorf("behind the @ stands no digest, which is sha256: and 64 hexadecimal digits")
	}
	if slash, colon := strings.LastIndexByte(rest, '/'), strings.LastIndexByte(rest, ':'); colon > slash {
		rest, r.Tag = rest[:colon], rest[colon+1:]
		if !tagText.MatchString(r.Tag) {
			return r, fmt.Errorf("a tag is 1 to 128 letters, digits and _ . -, and begins with none of the last two")
		}
	}
	if r.Tag == "" && r.Digest == "" {
		r.Tag = "latest"
	}
	return r.split(rest)
}

// Host is a registry's host as references have it: in small letters, without the port that is understood, and docker.io for each
// of Docker Hub's names.
func Host(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ":443")
	switch name {
	case "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com":
		return DockerHub
	}
	return name
}

// split tells the registry from the repository: a first part with a dot or a colon, or localhost, is a host.
func (r Reference) split(rest string) (Reference, error) {
	r.Host, r.Repository = DockerHub, rest
	if host, path, ok := strings.Cut(rest, "/"); ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		r.Host, r.Repository = host, path
		if !hostText.MatchString(host) {
			return r, fmt.Errorf("what stands before the first slash is not the host of a registry")
		}
	}
	r.Host = Host(r.Host)
	switch {
	case r.Repository == "":
		return r, fmt.Errorf("the image has no name")
	case len(r.Repository) > 255:
		return r, fmt.Errorf("a repository's name has at most 255 characters")
	case strings.ToLower(r.Repository) != r.Repository:
		return r, fmt.Errorf("a repository's name has small letters only")
	case !pathText.MatchString(r.Repository):
		return r, fmt.Errorf("a repository's name is made of small letters, digits, and single . _ - between them")
	case r.Host == DockerHub && !strings.Contains(r.Repository, "/"):
		r.Repository = "library/" + r.Repository
	}
	return r, nil
}
