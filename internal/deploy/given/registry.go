package given

import (
	"strconv"
	"strings"

	"berth/internal/document"
)

// Host is the registry that an image comes from, as Docker reads references: what stands before the first slash if it has a
// dot or a port or is localhost, else Docker Hub, whose other names are docker.io too.
func Host(image string) string {
	host, _, path := strings.Cut(image, "/")
	if !path || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return "docker.io"
	}
	switch host = strings.ToLower(host); host {
	case "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com":
		return "docker.io"
	}
	return strings.TrimSuffix(host, ":443")
}

// Login is a login that was put into a container.
type Login struct{ Container, Host string }

// Logins puts the logins of the cluster's registries into every container whose image comes from one of them, and gives the
// definition the cluster's execution role, which reads them, where it names none. A container with repositoryCredentials
// keeps them; the empty object there means none. The error is *Absent: the secret of a registry is not there.
func (t Table) Logins(def document.Value) (document.Value, []Login, error) {
	containers := def.Get("containerDefinitions")
	items := make([]document.Value, len(containers.Items))
	var added []Login
	for i, c := range containers.Items {
		items[i] = c
		own := c.Get("repositoryCredentials")
		host, wanted := t.registryOf(c.Get("image").Text)
		if own.Kind == document.Object && len(own.Members) == 0 {
			items[i] = c.With("repositoryCredentials", document.Value{})
		}
		if own.There() || !wanted {
			continue
		}
		arn, err := t.found("registry." + host)
		if err != nil {
			return def, nil, err
		}
		items[i] = c.With("repositoryCredentials", document.New("credentialsParameter", arn))
		added = append(added, Login{Container: name(c, i), Host: host})
	}
	if len(items) > 0 {
		containers.Items = items
		def = def.With("containerDefinitions", containers)
	}
	if len(added) > 0 && !def.Get("executionRoleArn").There() {
		def = def.With("executionRoleArn", document.Of(t.RoleARN("execution")))
	}
	return def, added, nil
}

// registryOf is the registry of the file that an image comes from; false where there is none, or where the agents log in.
func (t Table) registryOf(image string) (string, bool) {
	for _, r := range t.Registries {
		if image != "" && !r.InBucket && Host(r.Host+"/x") == Host(image) {
			return r.Host, true
		}
	}
	return "", false
}

// name is a container's name, or its place where it has none.
func name(c document.Value, i int) string {
	if n := c.Get("name").Text; n != "" {
		return n
	}
	return strconv.Itoa(i)
}
