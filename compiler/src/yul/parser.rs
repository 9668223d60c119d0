//! From tokens to objects.
use std::rc::Rc;

use alloy_primitives::U256;

use super::ast::{
    Block, Data, Expression, FunctionDefinition, Name, Object, Statement, StatementKind,
};
use super::lexer::{Lexer, Token};
use crate::{Error, Span};

/// How deeply blocks, objects and expressions can nest together. solc's own limit on expressions is
/// 1200; what it writes stays below forty. Every stage goes down as deeply, on a stack of two
/// megabytes without optimisation.
const MAX_DEPTH: u32 = 128;

/// Longest source, in bytes.
const MAX_SOURCE: usize = 64 << 20;

/// Parses an object, or a block that stands for an object of its own named `object`.
///
/// # Errors
/// When the source is no Yul, or nests deeper than 128 levels.
pub fn parse(source: &str) -> Result<Object, Error> {
    if source.len() > MAX_SOURCE {
        return Err(Error::whole(format!(
            "the source has {} bytes, and {MAX_SOURCE} are the most that is compiled",
            source.len()
        )));
    }
    let mut lexer = Lexer::new(source);
    let (token, span) = lexer.next()?;
    let mut parser = Parser { source, lexer, token, span, last: Span::default(), depth: 0 };
    let object = if parser.token == Token::Open {
        let code = parser.block()?;
        let name = "object".into();
        Object { name, code, objects: Vec::new(), data: Vec::new(), sources: Vec::new() }
    } else {
        parser.object()?
    };
    match parser.token {
        Token::End => Ok(object),
        _ => Err(parser.error("nothing can follow the object")),
    }
}

struct Parser<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    /// The token to come, and its place.
    token: Token<'a>,
    span: Span,
    /// The place of the token before.
    last: Span,
    depth: u32,
}

impl<'a> Parser<'a> {
    fn error(&self, message: impl Into<String>) -> Error {
        Error::at(self.source, self.span, message)
    }

    fn next(&mut self) -> Result<Token<'a>, Error> {
        let (token, span) = self.lexer.next()?;
        self.last = std::mem::replace(&mut self.span, span);
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn accept(&mut self, token: &Token<'_>) -> Result<bool, Error> {
        let found = self.token == *token;
        if found {
            self.next()?;
        }
        Ok(found)
    }

    fn expect(&mut self, token: &Token<'_>, words: &str) -> Result<(), Error> {
        if self.accept(token)? { Ok(()) } else { Err(self.error(format!("{words} is missing"))) }
    }

    /// Does what nests, one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(format!("this nests deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn name(&mut self, what: &str) -> Result<Name, Error> {
        let Token::Word(text) = self.token else {
            return Err(self.error(format!("{what} is missing")));
        };
        if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
            return Err(self.error("dots in a name stand between its parts"));
        }
        self.next()?;
        Ok(Name { text: text.into(), span: self.last })
    }

    fn quoted(&mut self, what: &str) -> Result<Rc<str>, Error> {
        let Token::Text(bytes) = &self.token else {
            return Err(self.error(format!("the name of {what}, in quotes, is missing")));
        };
        let Ok(name) = std::str::from_utf8(bytes) else {
            return Err(self.error("a name is made of characters"));
        };
        let name = name.into();
        self.next()?;
        Ok(name)
    }

    fn object(&mut self) -> Result<Object, Error> {
        self.nested(|parser| {
            if parser.token != Token::Word("object") {
                return Err(parser.error("an object is missing"));
            }
            parser.next()?;
            let sources = std::mem::take(&mut parser.lexer.sources);
            let name = parser.quoted("the object")?;
            parser.expect(&Token::Open, "`{`")?;
            if parser.token != Token::Word("code") {
                return Err(parser.error("an object begins with its `code`"));
            }
            parser.next()?;
            let code = parser.block()?;
            let mut object = Object { name, code, objects: Vec::new(), data: Vec::new(), sources };
            loop {
                match parser.token {
                    Token::Word("object") => object.objects.push(parser.object()?),
                    Token::Word("data") => object.data.push(parser.data()?),
                    Token::Close => break,
                    _ => return Err(parser.error("objects hold `code`, objects and `data`")),
                }
            }
            parser.next()?;
            Ok(object)
        })
    }

    fn data(&mut self) -> Result<Data, Error> {
        self.next()?;
        let name = self.quoted("the data")?;
        match self.next()? {
            Token::Text(bytes) => Ok(Data { name, bytes }),
            _ => Err(Error::at(self.source, self.last, "data is a string")),
        }
    }

    fn block(&mut self) -> Result<Block, Error> {
        self.nested(|parser| {
            parser.expect(&Token::Open, "`{`")?;
            let mut statements = Vec::new();
            while parser.token != Token::Close {
                if parser.token == Token::End {
                    return Err(parser.error("`}` is missing"));
                }
                statements.push(parser.statement()?);
            }
            parser.next()?;
            Ok(Block { statements })
        })
    }

    fn statement(&mut self) -> Result<Statement, Error> {
        let origin = self.lexer.origin;
        let start = self.span;
        let kind = match self.token {
            Token::Open => StatementKind::Block(self.block()?),
            Token::Word(word) => self.worded(word)?,
            _ => return Err(self.error("a statement is missing")),
        };
        Ok(Statement { span: start.to(self.last), kind, origin })
    }

    /// A statement that begins with `word`.
    fn worded(&mut self, word: &str) -> Result<StatementKind, Error> {
        Ok(match word {
            "function" => {
                self.next()?;
                StatementKind::Function(self.function()?)
            }
            "let" => {
                self.next()?;
                let names = self.names()?;
                let value = match self.accept(&Token::Assign)? {
                    true => Some(self.expression()?),
                    false => None,
                };
                StatementKind::Let(names, value)
            }
            "if" => {
                self.next()?;
                StatementKind::If(self.expression()?, self.block()?)
            }
            "switch" => {
                self.next()?;
                self.switch()?
            }
            "for" => {
                self.next()?;
                StatementKind::For(self.block()?, self.expression()?, self.block()?, self.block()?)
            }
            "break" | "continue" | "leave" => {
                self.next()?;
                match word {
                    "break" => StatementKind::Break,
                    "continue" => StatementKind::Continue,
                    _ => StatementKind::Leave,
                }
            }
            "case" | "default" => return Err(self.error("no `switch` is before this")),
            _ => {
                let name = self.name("a name")?;
                if self.token == Token::OpenParen {
                    return Ok(StatementKind::Expression(self.call(name)?));
                }
                let mut names = vec![name];
                while self.accept(&Token::Comma)? {
                    names.push(self.name("the name of a variable")?);
                }
                self.expect(&Token::Assign, "`:=`")?;
                StatementKind::Assign(names, self.expression()?)
            }
        })
    }

    fn names(&mut self) -> Result<Vec<Name>, Error> {
        let mut names = vec![self.name("a name")?];
        while self.accept(&Token::Comma)? {
            // solc leaves a comma at the end where a parameter has no words.
            if self.token == Token::CloseParen {
                break;
            }
            names.push(self.name("a name")?);
        }
        Ok(names)
    }

    fn function(&mut self) -> Result<FunctionDefinition, Error> {
        let name = self.name("the name of the function")?;
        self.expect(&Token::OpenParen, "`(`")?;
        let parameters = match self.token {
            Token::CloseParen => Vec::new(),
            _ => self.names()?,
        };
        self.expect(&Token::CloseParen, "`)`")?;
        let results = match self.accept(&Token::Arrow)? {
            true => self.names()?,
            false => Vec::new(),
        };
        let body = self.block()?;
        Ok(FunctionDefinition { name, parameters, results, body })
    }

    fn switch(&mut self) -> Result<StatementKind, Error> {
        let on = self.expression()?;
        let mut cases: Vec<(U256, Block)> = Vec::new();
        while self.token == Token::Word("case") {
            self.next()?;
            let value = match self.expression()? {
                Expression::Literal(value, _) => value,
                Expression::Text(bytes, _) if bytes.len() <= 32 => word(&bytes),
                other => {
                    return Err(Error::at(self.source, other.span(), "a case is a literal word"));
                }
            };
            cases.push((value, self.block()?));
        }
        let mut values: Vec<U256> = cases.iter().map(|(value, _)| *value).collect();
        values.sort_unstable();
        if let Some(twice) = values.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(self.error(format!("the switch before this has two cases {}", twice[0])));
        }
        let otherwise = match self.token {
            Token::Word("default") => {
                self.next()?;
                Some(self.block()?)
            }
            _ if cases.is_empty() => {
                return Err(self.error("a switch needs a `case` or a `default`"));
            }
            _ => None,
        };
        Ok(StatementKind::Switch(on, cases, otherwise))
    }

    fn expression(&mut self) -> Result<Expression, Error> {
        let span = self.span;
        match &self.token {
            Token::Number(value) => {
                let value = *value;
                self.next()?;
                Ok(Expression::Literal(value, span))
            }
            Token::Text(bytes) => {
                let bytes = Rc::from(bytes.as_slice());
                self.next()?;
                Ok(Expression::Text(bytes, span))
            }
            Token::Word("true") => {
                self.next()?;
                Ok(Expression::Literal(U256::ONE, span))
            }
            Token::Word("false") => {
                self.next()?;
                Ok(Expression::Literal(U256::ZERO, span))
            }
            Token::Word(_) => {
                let name = self.name("an expression")?;
                match self.token {
                    Token::OpenParen => self.call(name),
                    _ => Ok(Expression::Variable(name)),
                }
            }
            _ => Err(self.error("an expression is missing")),
        }
    }

    fn call(&mut self, name: Name) -> Result<Expression, Error> {
        self.nested(|parser| {
            parser.next()?;
            let mut arguments = Vec::new();
            if parser.token != Token::CloseParen {
                arguments.push(parser.expression()?);
                while parser.accept(&Token::Comma)? {
                    if parser.token == Token::CloseParen {
                        break;
                    }
                    arguments.push(parser.expression()?);
                }
            }
            parser.expect(&Token::CloseParen, "`)`")?;
            let span = name.span.to(parser.last);
            Ok(Expression::Call(name, arguments, span))
        })
    }
}

/// Returns a short string as a word: its first byte is the highest.
///
/// # Panics
/// When the string is longer than a word.
pub(crate) fn word(bytes: &[u8]) -> U256 {
    let mut word = [0; 32];
    word[..bytes.len()].copy_from_slice(bytes);
    U256::from_be_bytes(word)
}
