package archtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// layers is the direction of the design. One row for each package, or with
// "/..." for a folder whose packages may also import one another; the first
// that fits counts. A package without a row is a finding: a new one is a
// decision. The words on the right:
//
//	std       the standard library
//	pure      the standard library less what impure lists
//	sdk       the AWS SDK with its runtime
//	all-but-sdk   for the wiring, which still leaves AWS to the doors
//	service   what a simulated service stands on
//	internal/… cmd/…   packages of this module
//	anything else      a package of the standard library or of a library, by path
const layers = `
cmd/berth               std internal/cli

internal/model          pure
internal/spell          pure
internal/plain          pure
internal/phrase         pure internal/spell
internal/pages          pure
internal/config/...     pure os io/fs internal/phrase internal/spell internal/pages github.com/hashicorp/hcl/v2/... github.com/zclconf/go-cty/cty/...
internal/ami            pure internal/model internal/config
internal/desired/...    pure internal/model internal/config internal/config/toml
internal/plan/...       pure internal/model
internal/check/...      pure internal/model internal/config internal/plan internal/pages
internal/document       pure
internal/live           pure internal/document
internal/placement/...  pure internal/live internal/document
internal/manifest/shape/gen std sdk
internal/manifest/...   pure internal/document internal/spell internal/pages
internal/diagnose/...   pure internal/model internal/document internal/live internal/placement internal/pages
internal/overview       pure internal/document internal/live internal/placement internal/diagnose
internal/permit/...     pure internal/model
internal/secret         pure
internal/registry       std internal/secret oras.land/oras-go/v2/... github.com/opencontainers/image-spec/specs-go/v1
internal/roll/...       pure internal/model internal/document internal/live internal/placement internal/pages
internal/deploy/...     pure internal/model internal/document internal/live internal/placement internal/manifest internal/diagnose internal/manifest/route internal/pages
internal/watch/hear     pure internal/plain internal/model internal/document internal/live internal/diagnose internal/diagnose/reason internal/overview internal/watch
internal/watch/...      pure internal/plain internal/model internal/document internal/live internal/diagnose internal/diagnose/reason internal/overview internal/watch

internal/clock          std
internal/cloud/...      std sdk internal/clock
internal/lease/...      std sdk internal/clock internal/cloud
internal/observe/shape  pure sdk internal/model
internal/observe/fetch  std sdk internal/cloud
internal/observe/quota  std sdk internal/cloud internal/model internal/observe/fetch
internal/observe/machine std sdk internal/cloud internal/model internal/observe/fetch
internal/observe/ami    std sdk internal/cloud internal/model internal/observe/fetch internal/observe/shape
internal/observe/image  std sdk internal/cloud internal/secret internal/registry
internal/observe/service   std sdk internal/clock internal/cloud internal/model internal/secret internal/config internal/desired internal/plan internal/roll internal/deploy internal/diagnose internal/watch internal/document internal/live internal/manifest internal/deploy/given internal/deploy/verify internal/placement internal/observe/fetch internal/observe/shape internal/observe/service/seen
internal/observe/rolling std sdk internal/clock internal/cloud internal/model internal/document internal/live internal/placement internal/roll internal/overview internal/observe/fetch internal/observe/shape internal/observe/service internal/observe/service/seen internal/observe/machine
internal/observe/watching std sdk internal/cloud internal/model internal/live internal/watch internal/observe/fetch internal/observe/shape internal/observe/service
internal/observe/...    std sdk internal/clock internal/cloud internal/model internal/secret internal/config internal/desired internal/plan internal/roll internal/deploy internal/diagnose internal/watch internal/document internal/live internal/manifest
internal/apply/rolling  std sdk internal/clock internal/cloud internal/document internal/roll internal/apply/service
internal/apply/...      std sdk internal/clock internal/cloud internal/model internal/secret internal/config internal/plan internal/roll internal/deploy internal/watch internal/document internal/live
internal/drive/watching std internal/clock internal/cloud internal/model internal/live internal/diagnose internal/lease internal/notify internal/watch internal/watch/hear internal/observe/service internal/observe/watching internal/apply/watching
internal/drive/rolling  std internal/clock internal/cloud internal/model internal/lease internal/document internal/roll/... internal/observe/rolling internal/apply/rolling
internal/drive/trial    std internal/cloud internal/model internal/notify internal/watch internal/observe/watching internal/apply/watching
internal/drive/...      std internal/clock internal/cloud internal/model internal/secret internal/config internal/desired internal/plan internal/check internal/roll internal/deploy/... internal/diagnose internal/watch internal/lease internal/observe internal/observe/quota internal/apply internal/document internal/live internal/placement internal/manifest internal/observe/service internal/apply/service
internal/notify/...     std internal/clock internal/phrase internal/secret internal/plain internal/watch
internal/render/...     std internal/plain internal/model internal/config internal/ami internal/plan internal/check internal/roll/... internal/deploy/... internal/diagnose internal/overview internal/watch internal/drive internal/document internal/live internal/placement internal/manifest charm.land/lipgloss/v2/...

internal/cli/...        all-but-sdk
internal/dst/...        all-but-sdk
internal/archtest       std
bench/...               all-but-sdk

internal/sim            std sdk internal/clock internal/sim/...
internal/sim/world/...  pure context math/rand/v2 internal/clock
internal/sim/wire/...   std sdk
internal/sim/ec2/...    service internal/sim/policy
internal/sim/asg/...    service internal/sim/cloudwatch internal/sim/ec2
internal/sim/elb/...    service internal/sim/ec2
internal/sim/ecs/...    service internal/sim/policy internal/sim/secrets internal/sim/cloudwatch internal/sim/elb internal/sim/asg internal/sim/ec2
internal/sim/policy     pure
internal/sim/ecr        service
internal/sim/distribution service internal/sim/ecr internal/sim/ecs/program
internal/sim/kms/...    service internal/sim/policy
internal/sim/secrets/... service internal/sim/kms internal/sim/policy
internal/sim/access/... service internal/sim/policy
internal/sim/sqs/...    service internal/sim/kms internal/sim/policy
internal/sim/sns/...    service internal/sim/sqs internal/sim/kms internal/sim/policy
internal/sim/events/... service internal/sim/sns internal/sim/sqs internal/sim/logs internal/sim/kms
internal/sim/cloudwatch/... service internal/sim/sns
internal/sim/traffic/...    service internal/sim/elb/...
internal/sim/scenario/...   pure
internal/sim/iam/...    service
internal/sim/logs/...   service internal/sim/policy
internal/sim/quotas/... service
internal/sim/s3/...     service
internal/sim/ssm/...    service internal/sim/ec2
internal/sim/sts/...    service
`

// impure is what "pure" leaves out of the standard library: whatever reaches
// out of the process, waits, or answers differently the second time.
// net/netip and net/url only compute, so they stay.
const impure = `C context crypto/rand database/... io/ioutil log/... math/rand/... net net/http/... net/mail net/rpc/...
	net/smtp net/textproto os/... plugin runtime/... sync/... syscall testing/... unsafe`

const sdk = `github.com/aws/aws-sdk-go-v2/... github.com/aws/smithy-go/...`

// service is the floor of every simulated service: with it, calls go downward
// by the rows, and what goes upward is event data in the world.
// net/http is for its vocabulary, math/rand/v2 for the world's own dice.
const service = `pure context math/rand/v2 net/http sync sdk internal/sim/world internal/sim/wire`

// never is what nobody may import, whatever their row says.
const never = `C plugin unsafe`

// wiring is who may import internal/cli.
const wiring = `cmd/berth internal/cli/... internal/dst`

// Imports finds the imports that the table of layers does not allow.
func Imports(m *Module) []Finding {
	var found []Finding
	for _, p := range m.Packages {
		words, known := row(p.Dir)
		if !known {
			found = append(found, Finding{File: p.Dir, Text: "has no row in archtest's table of layers"})
			continue
		}
		for _, f := range p.Files {
			found = append(found, m.importsOf(p, f, words)...)
		}
	}
	return found
}

func (m *Module) importsOf(p *Package, f *File, words []string) []Finding {
	var found []Finding
	for _, spec := range f.AST.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it before
		}
		local, ours := strings.CutPrefix(imported, m.Path+"/")
		why := ""
		switch {
		case f.Test && ours:
			why = testMay(p.Dir, local)
		case f.Test:
			// Tests take what libraries they like: docs/dependencies.md bounds them.
		default:
			why = codeMay(p.Dir, words, local, ours)
		}
		if why != "" {
			text := fmt.Sprintf("%s may not import %s: %s", p.Dir, imported, why)
			found = append(found, Finding{File: f.Name, Line: m.line(spec.Pos()), Text: text})
		}
	}
	return found
}

// row gives the words that apply to the package; its own row is one of them.
func row(dir string) (words []string, known bool) {
	for line := range strings.Lines(layers) {
		if words := strings.Fields(line); len(words) > 0 && matches(words[0], dir) {
			return words, true
		}
	}
	return nil, false
}

// codeMay answers why not, or "" when the import is fine.
func codeMay(dir string, words []string, imported string, ours bool) string {
	switch {
	case ours && matches("internal/cli/...", imported) && !matchesAny(strings.Fields(wiring), dir):
		return "only main and the simulation tests start the command line"
	case !ours && matchesAny(strings.Fields(never), imported):
		return "never"
	}
	for _, w := range words {
		if allows(w, imported, ours) {
			return ""
		}
	}
	return "it is not in the package's row of layers"
}

func allows(word, imported string, ours bool) bool {
	std := !ours && !strings.Contains(strings.Split(imported, "/")[0], ".")
	switch word {
	case "all-but-sdk":
		return !matchesAny(strings.Fields(sdk), imported)
	case "std":
		return std
	case "pure":
		return std && !matchesAny(strings.Fields(impure), imported)
	case "service":
		return slices.ContainsFunc(strings.Fields(service), func(w string) bool { return allows(w, imported, ours) })
	case "sdk":
		return !ours && matchesAny(strings.Fields(sdk), imported)
	}
	return matches(word, imported)
}

// testMay holds what binds tests too: the simulator does not know the tool,
// not even in its tests, and nobody leans on the command line.
func testMay(dir, imported string) string {
	switch {
	case matches("internal/cli", imported) && !matchesAny(strings.Fields(wiring), dir):
		return "only main and the simulation tests start the command line"
	case matches("internal/sim/...", dir) && !matches("internal/sim/...", imported) && imported != "internal/clock":
		return "the simulator does not know the tool"
	}
	return ""
}
