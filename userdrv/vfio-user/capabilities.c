// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * As much JSON (RFC 8259) as it takes: it is checked in full, but only numbers are kept. The text
 * is known to end with a NUL, which no rule accepts, so none reads beyond it.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "capabilities.h"

#define MAX_DEPTH	8	/* the specification nests three deep */

struct json {
	const char *at;
	unsigned int depth;
	struct capabilities *caps;
};

/* What to do with the value of the member @name, @len bytes long. */
typedef bool (*member_fn)(struct json *j, const char *name, size_t len);

static bool skip_value(struct json *j);

static void skip_space(struct json *j)
{
	j->at += strspn(j->at, " \t\r\n");
}

static bool accept(struct json *j, char c)
{
	skip_space(j);
	if (*j->at != c)
		return false;
	j->at++;
	return true;
}

static bool skip_escape(struct json *j)
{
	if (*j->at != 'u')
		return *j->at && strchr("\"\\/bfnrt", *j->at++);
	j->at++;
	if (strspn(j->at, "0123456789abcdefABCDEF") < 4)
		return false;
	j->at += 4;
	return true;
}

static bool skip_string(struct json *j)
{
	if (!accept(j, '"'))
		return false;
	while (*j->at != '"') {
		char c = *j->at++;

		if ((unsigned char)c < ' ' || (c == '\\' && !skip_escape(j)))
			return false;
	}
	j->at++;
	return true;
}

static bool skip_digits(struct json *j)
{
	size_t n = strspn(j->at, "0123456789");

	j->at += n;
	return n;
}

static bool skip_number(struct json *j)
{
	if (*j->at == '-')
		j->at++;
	if (*j->at == '0')
		j->at++;
	else if (!skip_digits(j))
		return false;
	if (*j->at == '.' && (j->at++, !skip_digits(j)))
		return false;
	if (*j->at != 'e' && *j->at != 'E')
		return true;
	j->at++;
	if (*j->at == '+' || *j->at == '-')
		j->at++;
	return skip_digits(j);
}

static bool skip_word(struct json *j, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(j->at, word, len))
		return false;
	j->at += len;
	return true;
}

static bool parse_members(struct json *j, member_fn member)
{
	if (accept(j, '}'))
		return true;
	do {
		const char *name;

		skip_space(j);
		name = j->at + 1;
		if (!skip_string(j))
			return false;
		size_t len = j->at - 1 - name;

		if (!accept(j, ':') || !member(j, name, len))
			return false;
	} while (accept(j, ','));
	return accept(j, '}');
}

static bool parse_object(struct json *j, member_fn member)
{
	bool ok;

	if (!accept(j, '{') || j->depth++ == MAX_DEPTH)
		return false;
	ok = parse_members(j, member);
	j->depth--;
	return ok;
}

static bool skip_array(struct json *j)
{
	if (!accept(j, '[') || j->depth++ == MAX_DEPTH)
		return false;
	if (!accept(j, ']')) {
		do {
			if (!skip_value(j))
				return false;
		} while (accept(j, ','));
		if (!accept(j, ']'))
			return false;
	}
	j->depth--;
	return true;
}

static bool skip_member(struct json *j, const char *name, size_t len)
{
	(void)name;
	(void)len;
	return skip_value(j);
}

static bool skip_value(struct json *j)
{
	skip_space(j);
	switch (*j->at) {
	case '{':
		return parse_object(j, skip_member);
	case '[':
		return skip_array(j);
	case '"':
		return skip_string(j);
	case 't':
		return skip_word(j, "true");
	case 'f':
		return skip_word(j, "false");
	case 'n':
		return skip_word(j, "null");
	default:
		return skip_number(j);
	}
}

/* A whole number that fits. */
static bool parse_count(struct json *j, uint64_t *out)
{
	const char *end;
	uint64_t n = 0;

	skip_space(j);
	end = j->at + strspn(j->at, "0123456789");
	for (const char *p = j->at; p < end; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return false;
	*out = n;
	return skip_number(j) && j->at == end;
}

static bool is(const char *name, size_t len, const char *want)
{
	return len == strlen(want) && !memcmp(name, want, len);
}

static bool parse_capability(struct json *j, const char *name, size_t len)
{
	if (is(name, len, "max_msg_fds"))
		return parse_count(j, &j->caps->max_msg_fds);
	if (is(name, len, "max_data_xfer_size"))
		return parse_count(j, &j->caps->max_data_xfer_size);
	if (is(name, len, "max_dma_maps"))
		return parse_count(j, &j->caps->max_dma_maps);
	return skip_value(j);
}

static bool parse_top(struct json *j, const char *name, size_t len)
{
	if (is(name, len, "capabilities"))
		return parse_object(j, parse_capability);
	return skip_value(j);
}

int capabilities_parse(const char *json, size_t len, struct capabilities *out)
{
	struct capabilities caps = {
		.max_msg_fds = 1,
		.max_data_xfer_size = 1048576,
		.max_dma_maps = 65535,
	};
	struct json j = { .at = json, .caps = &caps };

	if (len) {
		if (strnlen(json, len) != len - 1 || !parse_object(&j, parse_top))
			return -EINVAL;
		skip_space(&j);
		if (*j.at)
			return -EINVAL;
	}
	*out = caps;
	return 0;
}
